// Goroutines made, ended and switched.
package main

import (
	"runtime"
	"sync"

	"bench/measure"
)

func main() {
	const n = 20_000
	measure.Row("spawn and wait", n, func() uint64 {
		var all sync.WaitGroup
		all.Add(n)
		for range n {
			go all.Done()
		}
		all.Wait()
		return n
	})
	measure.Row("spawn and join one", n, func() uint64 {
		done := make(chan int)
		sum := 0
		for i := range n {
			go func() { done <- i }()
			sum += <-done
		}
		return uint64(sum)
	})
	measure.Row("Gosched pair", 2*n, func() uint64 {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				for range n {
					runtime.Gosched()
				}
			})
		}
		both.Wait()
		return n
	})
}
