// Goroutines come in storms and end, while their memory is given back and used again: with
// timers, select, channels closed, panics and recover, locked threads, dumps and profiles of
// all goroutines and collections going on. Whatever finds a goroutine's memory in another
// state than it must be in ends the program.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"
)

// storm has so many goroutines that wait for one another in different ways, and counts those
// that came out as they should.
func storm(count int) int {
	var ended sync.WaitGroup
	var good atomic.Int64
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	begun := false
	start, closed := make(chan bool), make(chan int)
	values := make(chan int, 16)
	kinds := []func(i int) bool{
		func(i int) bool { <-start; return true },
		func(i int) bool { // a sleep
			time.Sleep(time.Duration(i%7) * 100 * time.Microsecond)
			return true
		},
		func(i int) bool { // a select that one of many ends
			other := make(chan string)
			select {
			case <-other:
				return false
			case <-start:
				return true
			case <-time.After(time.Hour):
				return false
			}
		},
		func(i int) (ok bool) { // a panic
			defer func() { ok = recover() == any(i) }()
			<-start
			panic(i)
		},
		func(i int) bool { // a condition
			mu.Lock()
			for !begun {
				cond.Wait()
			}
			mu.Unlock()
			return true
		},
		func(i int) bool { // values to and from others
			select {
			case values <- i:
			case <-values:
			}
			return true
		},
		func(i int) bool { // a deep stack
			<-start
			return deep(i%200) == i%200
		},
		func(i int) bool { // leaves by Goexit
			n := i
			defer func() { n++ }()
			if _, ok := <-closed; !ok && n == i {
				good.Add(1)
				runtime.Goexit()
			}
			return false
		},
	}
	for i := range count {
		ended.Add(1)
		go func() {
			defer ended.Done()
			if kinds[i%len(kinds)](i) {
				good.Add(1)
			}
		}()
	}
	mu.Lock()
	begun = true
	mu.Unlock()
	cond.Broadcast()
	close(start)
	close(closed)
	ended.Wait()
	return int(good.Load())
}

//go:noinline
func deep(n int) int {
	var pad [100]byte
	pad[n%100] = 1
	if n == 0 {
		return 0
	}
	return deep(n-1) + int(pad[n%100])
}

// locked has goroutines end that have locked their threads.
func locked(count int) {
	var ended sync.WaitGroup
	for range count {
		ended.Add(1)
		go func() {
			defer ended.Done()
			runtime.LockOSThread()
			runtime.Gosched()
		}()
	}
	ended.Wait()
}

// look looks at all goroutines until told to stop.
func look(stop chan bool, looked *sync.WaitGroup) {
	defer looked.Done()
	dump := make([]byte, 1<<16)
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		switch i % 3 {
		case 0:
			if n := runtime.Stack(dump, true); !bytes.HasPrefix(dump[:n], []byte("goroutine ")) {
				panic("no dump")
			}
		case 1:
			pprof.Lookup("goroutine").WriteTo(new(bytes.Buffer), 1)
		case 2:
			runtime.NumGoroutine()
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func main() {
	// Survivors keep memory of their neighbours.
	survive := make(chan int)
	var survived sync.WaitGroup
	for _, count := range []int{400, 100, 2000, 300} {
		stop := make(chan bool)
		var looked sync.WaitGroup
		looked.Add(2)
		go look(stop, &looked)
		go func() {
			defer looked.Done()
			locked(10)
		}()
		for round := range 3 {
			for i := range 5 {
				survived.Add(1)
				go func() {
					defer survived.Done()
					for range survive {
					}
				}()
				storm(i)
			}
			if n := storm(count); n != count {
				fmt.Println("of", count, "goroutines", n, "were good")
			}
			runtime.GC()
			if round == 1 {
				debug.FreeOSMemory()
			}
		}
		close(stop)
		looked.Wait()
		runtime.GC()
		debug.FreeOSMemory()
		fmt.Println("storms of", count)
	}
	close(survive)
	survived.Wait()
	debug.FreeOSMemory()
	fmt.Println(storm(1000), runtime.NumGoroutine() < 10)
}
