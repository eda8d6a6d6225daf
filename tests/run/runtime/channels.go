// Channels, timers, locks, contexts and iter.Pull.
package main

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"
)

func main() {
	c := make(chan int, 3)
	go func() {
		for i := 0; i < 10; i++ {
			c <- i
		}
		close(c)
	}()
	sum := 0
	for v := range c {
		sum += v
	}
	fmt.Println(sum, len(c), cap(c))
	v, ok := <-c
	fmt.Println(v, ok)
	a, b := make(chan int), make(chan string)
	go func() { a <- 1 }()
	go func() { b <- "x" }()
	for i := 0; i < 2; i++ {
		select {
		case x := <-a:
			fmt.Sprint(x)
		case y := <-b:
			fmt.Sprint(y)
		}
	}
	select {
	case <-a:
	default:
		fmt.Println("default")
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	n := 0
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := 0; j < 100; j++ {
				mu.Lock()
				n++
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	fmt.Println(n)
	t := time.After(10 * time.Millisecond)
	select {
	case <-t:
		fmt.Println("timer")
	case <-time.After(5 * time.Second):
		fmt.Println("late")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err())
	tk := time.NewTicker(time.Millisecond)
	<-tk.C
	<-tk.C
	tk.Stop()
	tm := time.NewTimer(time.Hour)
	fmt.Println(tm.Stop(), tm.Stop(), tm.Reset(time.Millisecond))
	<-tm.C
	var once sync.Once
	once.Do(func() { fmt.Println("once") })
	once.Do(func() { fmt.Println("twice") })
	cond := sync.NewCond(&mu)
	ready := false
	go func() { mu.Lock(); ready = true; cond.Broadcast(); mu.Unlock() }()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
	var rw sync.RWMutex
	rw.RLock()
	rw.RUnlock()
	rw.Lock()
	rw.Unlock()
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 0; i < 5; i++ {
			if !yield(i * i) {
				return
			}
		}
	})
	for {
		v, ok := next()
		if !ok {
			break
		}
		fmt.Print(v, " ")
	}
	stop()
	fmt.Println()
	next, stop = iter.Pull(func(yield func(int) bool) { yield(1); panic("in seq") })
	next()
	func() { defer func() { fmt.Println("rec", recover()) }(); next() }()
	next, stop = iter.Pull(func(yield func(int) bool) {
		defer fmt.Println("cleanup")
		for yield(7) {
		}
	})
	fmt.Println(next())
	stop()
	var m sync.Map
	m.Store("a", 1)
	x, _ := m.Load("a")
	fmt.Println(x)
	p := sync.Pool{New: func() any { return 5 }}
	fmt.Println(p.Get())
}
