// Memory that cannot be read, given to hashes and ciphers: a fault as in any other code, which
// debug.SetPanicOnFault makes a panic.
package main

import (
	"crypto/aes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"
)

// cut gives memory of a file past the end of that.
func cut() []byte {
	f, err := os.CreateTemp("", "cut")
	if err != nil {
		panic(err)
	}
	os.Remove(f.Name())
	f.Truncate(8192)
	b, err := syscall.Mmap(int(f.Fd()), 0, 8192, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	f.Truncate(100)
	f.Close()
	return b[4096:]
}

type addressed interface{ Addr() uintptr }

//go:noinline
func try(name string, f func()) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		_, ok := r.(addressed)
		fmt.Println(name, r, ok)
	}()
	f()
}

var sum any

func main() {
	b := cut()
	for range 3 {
		try("sha256", func() { sum = sha256.Sum256(b) })
		try("sha1", func() { sum = sha1.Sum(b) })
		try("sha512", func() { sum = sha512.Sum512(b) })
		try("crc32", func() { sum = crc32.ChecksumIEEE(b) })
		try("castagnoli", func() { sum = crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) })
		try("aes", func() {
			c, _ := aes.NewCipher(make([]byte, 16))
			var to [16]byte
			c.Encrypt(to[:], b)
		})
	}
	// What was left in the middle can be used again.
	fmt.Printf("%x\n", sha256.Sum256([]byte("abc")))
	if len(os.Args) > 1 {
		sum = sha256.Sum256(b)
	}
	report, err := exec.Command(os.Args[0], "fault").CombinedOutput()
	fmt.Println(err)
	_, text, _ := strings.Cut(string(report), "unexpected fault address 0x")
	lines := strings.SplitN(text, "\n", 4)
	fmt.Println(lines[1])
	fmt.Println(lines[2][:strings.Index(lines[2], " addr=")])
	fmt.Println(strings.Contains(text, "\ngoroutine 1 "), strings.Contains(text, "\nmain.main("))
}
