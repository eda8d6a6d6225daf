// A channel is closed under a waiting sender.
package main

import (
	"runtime"
	"time"
)

func main() {
	c := make(chan int)
	go func() {
		for range 10 {
			runtime.Gosched()
		}
		time.Sleep(10 * time.Millisecond)
		close(c)
	}()
	c <- 1
}
