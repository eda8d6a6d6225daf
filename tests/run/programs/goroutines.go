package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var n atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	m := map[int]int{}
	for i := 0; i < 100000; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n.Add(1)
			mu.Lock()
			m[i%100]++
			mu.Unlock()
			if i%1000 == 0 {
				time.Sleep(time.Millisecond)
			}
		}()
	}
	wg.Wait()
	s := 0
	for _, v := range m {
		s += v
	}
	fmt.Println(n.Load(), s, len(m))
	// a loop without calls is preempted
	var stop atomic.Bool
	go func() { time.Sleep(20 * time.Millisecond); stop.Store(true) }()
	x := 0
	for !stop.Load() {
		x++
	}
	done := make(chan int)
	for range 4 {
		go func() {
			for {
				x++
			}
		}()
	}
	go func() { time.Sleep(10 * time.Millisecond); close(done) }()
	<-done
	fmt.Println("preempted")
}
