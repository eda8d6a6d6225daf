// Several calls of KeepAlive one after another keep all their arguments until there.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	next *node
	v    int
}

type tree struct {
	left, right *tree
	v           [2]int
}

//go:noinline
func list(n int) (head *node) {
	for i := range n {
		head = &node{head, i}
	}
	return head
}

//go:noinline
func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{left: grow(depth - 1), right: grow(depth - 1)}
}

func objects() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapObjects
}

func main() {
	before := objects()
	l, t, m := list(60000), grow(15), list(50000)
	for range 3 {
		fmt.Println("all there:", objects()-before > 60000+65000+50000)
	}
	runtime.KeepAlive(l)
	runtime.KeepAlive(t)
	runtime.KeepAlive(m)
}
