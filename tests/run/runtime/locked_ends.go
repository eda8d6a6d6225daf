// Goroutines that end while they are locked to their threads, one after the other: a pair
// that always has something to do and takes its P from thread to thread, while GOMAXPROCS
// changes. The others get their turns.
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

func main() {
	var ended atomic.Int64
	stop := make(chan bool)
	go func() {
		for {
			done := make(chan bool)
			go func() {
				runtime.LockOSThread()
				ended.Add(1)
				done <- true
			}()
			select {
			case <-done:
			case <-stop:
				<-done
				close(stop)
				return
			}
		}
	}()
	for turn := range 30 {
		runtime.GOMAXPROCS(1 + turn%2)
		time.Sleep(3 * time.Millisecond)
	}
	for ended.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	stop <- true
	<-stop
	fmt.Println("thirty turns of another:", ended.Load() > 0)
}
