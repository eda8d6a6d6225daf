package main

import (
	"bytes"
	"fmt"
	"regexp"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"time"
)

//go:noinline
func contend(mu *sync.Mutex) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				holding(mu)
			}
		})
	}
	wg.Wait()
}

//go:noinline
func holding(mu *sync.Mutex) {
	mu.Lock()
	time.Sleep(time.Millisecond)
	mu.Unlock()
}

//go:noinline
func receive(c chan int) int { return <-c }

//go:noinline
func send(c chan int) { c <- 1 }

//go:noinline
func choose(a, b chan int) {
	select {
	case <-a:
	case <-b:
	}
}

//go:noinline
func condition() {
	c := sync.NewCond(new(sync.Mutex))
	later(c.Signal)
	c.L.Lock()
	c.Wait()
	c.L.Unlock()
}

//go:noinline
func readers(rw *sync.RWMutex) {
	rw.RLock()
	later(func() { letGo(rw) })
	rw.Lock()
	later(func() { rw.Unlock() })
	rw.RLock()
	rw.RUnlock()
}

//go:noinline
func letGo(rw *sync.RWMutex) { rw.RUnlock() }

var mainIsUp = regexp.MustCompile(`(?m)^goroutine 1 \[run`)

// later calls f when the caller, which is the main goroutine, has waited for some time.
func later(f func()) {
	go func() {
		for mainIsUp.MatchString(stacks()) {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(5 * time.Millisecond)
		f()
	}()
}

func waits() {
	runtime.SetBlockProfileRate(1)
	fmt.Println(runtime.SetMutexProfileFraction(1), runtime.SetMutexProfileFraction(-1))
	contend(new(sync.Mutex))
	c := make(chan int)
	later(func() { c <- 1 })
	receive(c)
	later(func() { <-c })
	send(c)
	later(func() { c <- 1 })
	choose(c, make(chan int))
	later(func() { close(c) })
	for range c {
	}
	condition()
	readers(new(sync.RWMutex))
	runtime.SetBlockProfileRate(0)
	fmt.Println(runtime.SetMutexProfileFraction(0))

	for _, name := range []string{"block", "mutex"} {
		var b bytes.Buffer
		check(pprof.Lookup(name).WriteTo(&b, 0))
		p, err := parse(b.Bytes())
		check(err)
		fmt.Println(name, p.types, p.units, p.period)
		waited := map[string]int64{}
		for _, s := range p.samples {
			key := s.frames[0].function
			if own := calls(s.frames); own != "" && own != "main.main" {
				key += " of " + strings.Split(own, " < ")[0]
			}
			waited[key] += s.values[1]
		}
		var keys []string
		for key, ns := range waited {
			if ns > 2e6 {
				keys = append(keys, key)
			}
		}
		sort.Strings(keys)
		for _, key := range keys {
			fmt.Println("\t" + key)
		}
		b.Reset()
		check(pprof.Lookup(name).WriteTo(&b, 1))
		text, _, _ := strings.Cut(b.String(), "\n")
		fmt.Println(text)
	}
}
