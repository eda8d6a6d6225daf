// Claim: runtime.Gosched gives the processor away but does not block, so with one
// processor goroutines that call it in turn alternate and all come to their end.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func pseudoDelay(n int) (turns int) {
	for range n {
		runtime.Gosched()
		turns++
	}
	return turns
}

func main() {
	runtime.GOMAXPROCS(1)
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		turns [4]int
		ended int
	)
	for id := range turns {
		wg.Add(1)
		go func() {
			defer wg.Done()
			done := pseudoDelay(100 * (id + 1))
			mu.Lock()
			defer mu.Unlock()
			turns[id] = done
			ended++
		}()
	}
	wg.Wait()
	fmt.Println("ended:", ended, "turns:", turns)

	// A spinning goroutine sees what another one does only because it yields.
	flag := false
	go func() { flag = true }()
	for !flag {
		runtime.Gosched()
	}
	fmt.Println("flag:", flag)
}
