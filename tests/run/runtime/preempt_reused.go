// Goroutines whose Gs served the runtime before, for timers and collections, are preempted
// like all others.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	runtime.GOMAXPROCS(1)
	for range 20 {
		var fired sync.WaitGroup
		fired.Add(10)
		for range 10 {
			time.AfterFunc(1, fired.Done)
		}
		fired.Wait()
		time.Sleep(1)
		runtime.GC()
		var stop atomic.Bool
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				for !stop.Load() {
				}
			})
		}
		runtime.Gosched()
		runtime.GC()
		stop.Store(true)
		all.Wait()
	}
	fmt.Println("all were stopped")
}
