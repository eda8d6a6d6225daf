// What a goroutine has passed to a call, or was started with, does not stay alive because
// it was passed.
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

type node struct {
	next *node
	rest [100]*node
}

var keep []*node

//go:noinline
func fill(n int) {
	for range n {
		keep = append(keep, &node{})
	}
}

//go:noinline
func take9(a, b, c, d, e, f, g, h, i *node) int {
	return fields(a, b, c, d, e, f, g, h, i, 1)
}

//go:noinline
func fields(a, b, c, d, e, f, g, h, i *node, n int) int {
	for _, p := range []*node{a, b, c, d, e, f, g, h, i} {
		if p != nil && p.next == nil {
			n++
		}
	}
	return n
}

// spin is preempted, so that the goroutine's saved registers have been used once.
//
//go:noinline
func spin(d time.Duration) int {
	n := 0
	for begin := time.Now(); time.Since(begin) < d; n++ {
	}
	return n
}

func objects() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapObjects
}

var freed atomic.Int32

//go:noinline
func watched() *[1 << 16]byte {
	p := new([1 << 16]byte)
	runtime.SetFinalizer(p, func(*[1 << 16]byte) { freed.Add(1) })
	return p
}

// start makes a goroutine whose closure holds an object that it needs no more when it waits.
//
//go:noinline
func start(wait func()) {
	p := watched()
	go func() {
		p[0]++
		p = nil
		wait()
	}()
}

//go:noinline
func startByValue(wait func()) {
	p := watched()
	q := p
	go func() {
		q[0]++
		wait()
	}()
}

func waitFor(n int32) bool {
	for range 200 {
		runtime.GC()
		if freed.Load() >= n {
			return true
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}

func main() {
	before := objects()
	spin(30 * time.Millisecond)
	fill(10000)
	keep = nil
	fmt.Println("slice grown", objects() < before+1000)

	spin(30 * time.Millisecond)
	fill(9)
	k := keep
	fmt.Println("tail call", take9(k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7], k[8]))
	k, keep = nil, nil
	fmt.Println("operands", objects() < before+100)

	never := make(chan int)
	start(func() { <-never })
	startByValue(func() { <-never })
	start(func() { time.Sleep(time.Hour) })
	startByValue(func() { select {} })
	fmt.Println("closures", waitFor(4))
}
