// A goroutine that ends while locked to its thread takes the thread along.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

func threads() int {
	e, _ := os.ReadDir("/proc/self/task")
	return len(e)
}

func main() {
	before := threads()
	for round := 0; round < 5; round++ {
		var wg sync.WaitGroup
		for i := 0; i < 40; i++ {
			wg.Add(1)
			go func() {
				runtime.LockOSThread()
				time.Sleep(5 * time.Millisecond)
				wg.Done()
			}()
		}
		wg.Wait()
	}
	// They end after their goroutines.
	for range 5000 {
		if threads()-before < 20 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println(threads()-before < 20)
}
