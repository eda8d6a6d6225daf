// A thousand goroutines in system calls that block do not stop the others.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"time"
)

func main() {
	const n = 1000
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		fmt.Println(err)
		return
	}
	var inside, all sync.WaitGroup
	inside.Add(n)
	results := make(chan byte, n)
	for range n {
		all.Go(func() {
			inside.Done()
			var b [1]byte
			if k, err := syscall.Read(ends[0], b[:]); k != 1 || err != nil {
				fmt.Println(k, err)
			}
			results <- b[0]
		})
	}
	inside.Wait()
	sum := 0
	for i := range 1000 {
		c := make(chan int)
		go func() { c <- i }()
		sum += <-c
	}
	fmt.Println("others:", sum)
	time.Sleep(time.Millisecond)
	runtime.GC()
	fmt.Println("collected,", runtime.NumGoroutine(), "goroutines")
	for i := range n {
		syscall.Write(ends[1], []byte{byte(i)})
	}
	all.Wait()
	total := 0
	for range n {
		total += int(<-results)
	}
	fmt.Println("read:", total)
}
