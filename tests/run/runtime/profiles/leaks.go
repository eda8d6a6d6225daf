package main

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"time"
)

// Each of these waits for what nobody else knows.

func leakReceive() { <-make(chan int) }

func leakSend() { make(chan int) <- 1 }

func leakSelect() {
	a, b := make(chan int), make(chan int)
	select {
	case <-a:
	case b <- 1:
	}
}

func leakNil() {
	var c chan int
	<-c
}

func leakGroup() {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Wait()
}

// leakPair is two goroutines that wait for each other.
func leakPair() {
	a, b := make(chan int), make(chan int)
	go func() {
		<-a
		b <- 1
	}()
	<-b
	a <- 1
}

var known = make(chan int)

// waitKnown may still go on.
func waitKnown() { <-known }

// waitTimer will.
func waitTimer() { <-time.After(time.Hour) }

//go:noinline
func startLeaks() {
	for _, f := range []func(){leakReceive, leakSend, leakSelect, leakNil, leakGroup, leakPair, waitKnown, waitTimer} {
		go f()
	}
	// All of them wait when nobody else runs.
	for {
		dump := stacks()
		if strings.Count(dump, " [running") == 1 && !strings.Contains(dump, " [runnable") {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// stacks shows all goroutines.
func stacks() string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, true)])
}

func leaks() {
	startLeaks()
	var b bytes.Buffer
	leaked := pprof.Lookup("goroutineleak")
	check(leaked.WriteTo(&b, 0))
	p, err := parse(b.Bytes())
	check(err)
	var lines []string
	for _, s := range p.samples {
		lines = append(lines, fmt.Sprint(s.values[0], " ", calls(s.frames)))
	}
	sort.Strings(lines)
	fmt.Println(p.types, leaked.Count())
	for _, line := range lines {
		fmt.Println(line)
	}
	known <- 1
}
