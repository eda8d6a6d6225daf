// GOMAXPROCS changed again and again while goroutines compute, talk, sleep, lock, collect
// and make system calls.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var stop atomic.Bool
	var all sync.WaitGroup
	var counts [7]atomic.Int64
	work := func(i int, f func()) {
		for range 3 {
			all.Go(func() {
				for !stop.Load() {
					f()
					counts[i].Add(1)
				}
			})
		}
	}
	work(0, func() {
		sum := 0
		for i := range 100000 {
			sum += i
		}
		if sum != 4999950000 {
			fmt.Println("sum", sum)
		}
	})
	channel, back := make(chan int), make(chan int, 3)
	go func() {
		for v := range channel {
			back <- v + 1
		}
	}()
	work(1, func() {
		channel <- 1
		if v := <-back; v != 2 {
			fmt.Println("channel", v)
		}
	})
	work(2, func() { time.Sleep(time.Millisecond) })
	var lock sync.Mutex
	shared := map[int]int{}
	work(3, func() {
		lock.Lock()
		shared[len(shared)%100]++
		lock.Unlock()
	})
	work(4, func() {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
	})
	work(5, func() { os.ReadFile("/proc/self/stat") })
	var kept [3][]*int
	var next atomic.Int32
	work(6, func() {
		var list []*int
		for i := range 1000 {
			list = append(list, &i)
		}
		kept[next.Add(1)%3] = list
		for i, p := range list {
			if *p != i {
				fmt.Println("list", i, *p)
			}
		}
	})
	for i := range 300 {
		n := 1 + i*7%16
		runtime.GOMAXPROCS(n)
		if got := runtime.GOMAXPROCS(0); got != n {
			fmt.Println(got, "instead of", n)
		}
		if i%10 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	time.Sleep(50 * time.Millisecond)
	// However slow the machine is, each comes to its turn.
	for i := range counts {
		for counts[i].Load() == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	stop.Store(true)
	all.Wait()
	for i := range counts {
		fmt.Println(i, counts[i].Load() > 0)
	}
}
