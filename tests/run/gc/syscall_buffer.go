// What a system call reads lives until the call returns, although only its number is passed
// on: a writer that blocks on a full pipe, while the collector runs and the heap is reused.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// fill makes a buffer that only the caller's argument will refer to.
//
//go:noinline
func fill(b byte, n int) *byte {
	return &bytes.Repeat([]byte{b}, n)[0]
}

//go:noinline
func write(fd uintptr, b byte, n int) {
	syscall.Syscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(fill(b, n))), uintptr(n))
}

func main() {
	const size = 200 << 10 // more than a pipe holds
	var keep [][]byte
	bad := 0
	for round := range 20 {
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		fd := w.Fd() // blocking from now on
		go func() {
			write(fd, byte('a'+round), size)
			w.Close()
		}()
		var first [1]byte
		io.ReadFull(r, first[:])
		runtime.GC()
		keep = keep[:0]
		for range 8 {
			keep = append(keep, bytes.Repeat([]byte{'#'}, size))
		}
		rest, err := io.ReadAll(r)
		if err != nil || len(rest) != size-1 || bytes.Count(rest, first[:]) != size-1 {
			bad++
		}
		r.Close()
	}
	fmt.Println("spoiled:", bad, len(keep))
}
