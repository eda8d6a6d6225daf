// A million goroutines at once, generation after generation: all are alive together, all
// wait for the same moment and in their own way, and every one gives its number back.
package main

import (
	"flag"
	"runtime"
	"sync"
	"time"

	"example.test/load/check"
)

var number = flag.Int("n", 1_000_000, "how many goroutines there are")

func generation(l *check.Load, n int) {
	start, results := make(chan struct{}), make(chan int, 1000)
	var lock sync.RWMutex
	var born, gone sync.WaitGroup
	born.Add(n)
	gone.Add(n)
	lock.Lock()
	for i := range n {
		go func() {
			defer gone.Done()
			born.Done()
			switch i % 4 {
			case 0, 1:
				<-start
			case 2:
				select {
				case <-start:
				case <-time.After(time.Hour):
					l.Fail("an hour is over")
				}
			case 3:
				lock.RLock()
				defer lock.RUnlock()
			}
			results <- i
		}()
	}
	born.Wait()
	if alive := runtime.NumGoroutine(); alive < n {
		l.Fail("%d goroutines are alive", alive)
	}
	runtime.GC()
	close(start)
	lock.Unlock()
	sum := 0
	for range n {
		sum += <-results
	}
	gone.Wait()
	if want := n * (n - 1) / 2; sum != want {
		l.Fail("sum %d instead of %d", sum, want)
	}
	l.Done()
}

func main() {
	l := check.Start()
	generation(l, *number)
	l.Warm()
	for l.Running() {
		generation(l, *number)
	}
	l.Finish()
}
