// Finalizers, cleanups and weak pointers, in the order in which objects die.
package main

import (
	"fmt"
	"runtime"
	"weak"
)

type node struct {
	next *node
	name string
}

// collect runs collections until f says that what it waits for has happened.
func collect(f func() bool) {
	for i := 0; i < 100 && !f(); i++ {
		runtime.GC()
	}
}

func makeChain(done chan<- string) {
	b := &node{name: "b"}
	a := &node{next: b, name: "a"}
	for _, n := range []*node{a, b} {
		runtime.SetFinalizer(n, func(n *node) { done <- n.name })
	}
}

func makeCycle(done chan<- string) {
	a := &node{name: "cycle"}
	a.next = &node{next: a}
	runtime.SetFinalizer(a, func(n *node) { done <- n.name })
}

func makeCleanups(done chan<- string) {
	n := &node{name: "cleaned"}
	runtime.AddCleanup(n, func(s string) { done <- s }, "first")
	stopped := runtime.AddCleanup(n, func(s string) { done <- s }, "stopped")
	stopped.Stop()
}

func makeWeak(done chan<- string) weak.Pointer[node] {
	n := &node{name: "weak"}
	w := weak.Make(n)
	fmt.Println(w.Value() == n, w == weak.Make(n), w.Value().name)
	runtime.GC()
	fmt.Println(w.Value() == n)
	runtime.SetFinalizer(n, func(n *node) { done <- n.name })
	return w
}

// elsewhere runs f on a goroutine of its own, whose stack is gone with what lies on it.
func elsewhere(f func()) {
	ended := make(chan bool)
	go func() {
		f()
		ended <- true
	}()
	<-ended
}

func main() {
	done := make(chan string, 16)
	receive := func(n int) {
		collect(func() bool { runtime.Gosched(); return len(done) >= n })
		for range n {
			fmt.Println(<-done)
		}
	}
	elsewhere(func() { makeChain(done) })
	receive(2)
	elsewhere(func() { makeCycle(done) })
	elsewhere(func() { makeCleanups(done) })
	receive(1)
	var w weak.Pointer[node]
	elsewhere(func() { w = makeWeak(done) })
	receive(1)
	fmt.Println(w.Value() == nil)
	fmt.Println(len(done))
}
