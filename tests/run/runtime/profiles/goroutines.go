package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
)

//go:noinline
func parked(started *sync.WaitGroup, c chan int) {
	started.Done()
	inner(c)
}

// inner is inlined.
func inner(c chan int) { <-c }

func goroutines() {
	c := make(chan int)
	var started sync.WaitGroup
	started.Add(7)
	pprof.Do(context.Background(), pprof.Labels("who", "seven"), func(context.Context) {
		for range 7 {
			go parked(&started, c)
		}
	})
	started.Wait()
	for runtime.NumGoroutine() > 8 {
		runtime.Gosched()
	}
	for i := 0; i < 1000; i++ {
		runtime.Gosched() // they are where they wait
	}
	var b bytes.Buffer
	check(pprof.Lookup("goroutine").WriteTo(&b, 0))
	p, err := parse(b.Bytes())
	check(err)
	fmt.Println(p.types, p.units, p.total(0))
	for _, s := range p.samples {
		fmt.Println(s.values[0], calls(s.frames), s.labels)
	}
	b.Reset()
	check(pprof.Lookup("goroutine").WriteTo(&b, 1))
	for _, line := range strings.Split(b.String(), "\n") {
		if strings.Contains(line, "profile:") || strings.Contains(line, "labels:") {
			fmt.Println(line)
		}
	}
	b.Reset()
	check(pprof.Lookup("goroutine").WriteTo(&b, 2))
	fmt.Println(strings.Count(b.String(), "[chan receive"), strings.Count(b.String(), "main.inner("))

	records := make([]runtime.StackRecord, 20)
	n, ok := runtime.GoroutineProfile(records)
	fmt.Println(n, ok)
	n, ok = runtime.ThreadCreateProfile(records[:0])
	fmt.Println(n > 0, ok)
	close(c)
	for _, p := range pprof.Profiles() {
		fmt.Print(p.Name(), " ")
	}
	fmt.Println()

	mine := pprof.NewProfile("profiles.mine")
	add(mine, "a", 3)
	add(mine, "b", 3)
	mine.Remove("b")
	b.Reset()
	check(mine.WriteTo(&b, 0))
	p, err = parse(b.Bytes())
	check(err)
	for _, s := range p.samples {
		fmt.Println(mine.Count(), s.values, calls(s.frames))
	}
}

// add is inlined into itself or not, as the compiler likes.
func add(p *pprof.Profile, value string, depth int) {
	if depth > 0 {
		add(p, value, depth-1)
		return
	}
	p.Add(value, 1)
}
