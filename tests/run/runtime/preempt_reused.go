// A goroutine that spins is preempted although the runtime uses its structures a second
// time, after a timer's.
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
	var timers, spinners sync.WaitGroup
	for range 50 {
		timers.Add(1)
		time.AfterFunc(time.Microsecond, timers.Done)
	}
	timers.Wait()
	time.Sleep(time.Millisecond)
	var stop atomic.Bool
	for range 20 {
		spinners.Add(1)
		go func() {
			defer spinners.Done()
			for n := 0; !stop.Load(); n++ {
			}
		}()
	}
	runtime.Gosched()
	stop.Store(true)
	spinners.Wait()
	fmt.Println("all stopped")
}
