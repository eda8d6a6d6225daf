// Claim: a goroutine that blocks in a system call keeps its deferred calls; when the call
// comes back they run, and a panic after it is recovered as ever.
package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
)

func risky(fd int, ready chan<- struct{}) (n int, err any) {
	defer fmt.Println("cleanup")
	defer func() { err = recover() }()
	var b [8]byte
	close(ready)
	n, _ = syscall.Read(fd, b[:])
	panic(fmt.Sprintf("read %q", b[:n]))
}

func main() {
	runtime.GOMAXPROCS(1)
	r, w, err := os.Pipe()
	if err != nil {
		fmt.Println(err)
		return
	}
	fd := int(r.Fd())
	if err := syscall.SetNonblock(fd, false); err != nil {
		fmt.Println(err)
	}
	ready := make(chan struct{})
	type result struct {
		n   int
		err any
	}
	done := make(chan result)
	go func() {
		n, err := risky(fd, ready)
		done <- result{n, err}
	}()
	<-ready
	for range 100 {
		runtime.Gosched()
	}
	runtime.GC()
	fmt.Println("writing")
	w.WriteString("hello")
	fmt.Println(<-done)
	var empty syscall.Errno
	_, _, empty = syscall.Syscall(syscall.SYS_READ, ^uintptr(0), 0, 0)
	fmt.Println(empty, empty == syscall.EBADF)
}
