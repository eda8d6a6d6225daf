// Claim: a channel that a timer closes is a waiting queue without locks: every waiter,
// however many, is let go by the one close.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

func newWaitQueue(timeout time.Duration) <-chan struct{} {
	ch := make(chan struct{}, 1)
	go func() {
		select {
		case <-time.After(timeout):
			close(ch)
		}
	}()
	return ch
}

func main() {
	queue := newWaitQueue(5 * time.Millisecond)
	var wg sync.WaitGroup
	var through atomic.Int32
	for i := range 300 {
		wg.Go(func() {
			if i%3 == 0 {
				for range queue {
				}
			} else if _, open := <-queue; open {
				return
			}
			through.Add(1)
		})
	}
	wg.Wait()
	fmt.Println("through:", through.Load())
	_, open := <-queue
	fmt.Println("open:", open, "len:", len(queue), "cap:", cap(queue))

	// Work first, the time limit second.
	work := make(chan int, 1)
	work <- 7
	select {
	case v := <-work:
		fmt.Println("work:", v)
	case <-newWaitQueue(time.Hour):
		fmt.Println("too late")
	}
	select {
	case v := <-work:
		fmt.Println("work:", v)
	case <-newWaitQueue(0):
		fmt.Println("timed out")
	}
}
