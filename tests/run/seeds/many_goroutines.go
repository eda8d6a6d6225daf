// Claim: ten thousand sleeping goroutines are cheap and all counted; when they are done
// the number goes back.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func main() {
	const count = 10_000
	before := runtime.NumGoroutine()
	gate := make(chan struct{})
	var wg sync.WaitGroup
	for range count {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Millisecond)
			<-gate
		}()
	}
	fmt.Println("more goroutines:", runtime.NumGoroutine()-before)
	close(gate)
	wg.Wait()
	for runtime.NumGoroutine() > before {
		time.Sleep(time.Millisecond)
	}
	fmt.Println("more goroutines:", runtime.NumGoroutine()-before)
}
