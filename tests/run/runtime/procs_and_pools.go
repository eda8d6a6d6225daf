// sync.Pool under changes of GOMAXPROCS while collections stop the world: ids of Ps must stay
// below GOMAXPROCS whenever Go code runs.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type tree struct{ l, r *tree }

func grow(d int) *tree {
	if d == 0 {
		return &tree{}
	}
	return &tree{grow(d - 1), grow(d - 1)}
}

func main() {
	pool := sync.Pool{New: func() any { return new([64]byte) }}
	end := time.Now().Add(time.Second)
	var wg sync.WaitGroup
	for range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for time.Now().Before(end) {
				pool.Put(pool.Get())
				_ = grow(6)
			}
		}()
	}
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for time.Now().Before(end) {
				runtime.GC()
			}
		}()
	}
	for i := 0; time.Now().Before(end); i++ {
		runtime.GOMAXPROCS(1 + i%5)
		time.Sleep(time.Millisecond)
	}
	wg.Wait()
	fmt.Println("ok")
}
