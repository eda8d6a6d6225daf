// A goroutine takes a step of a collection and goes on, takes the only pointer to an object
// out of the heap and waits: its stack is not the one that the collector saw, although it
// never left its thread in between.
//
//test:env GODEBUG=goxidegctorture=1000,goxidegcconcurrent=1
package main

import "fmt"

type object struct{ a, b, c, d int }

type node struct {
	next *node
	held *object
}

// A list is marked one node after the other: its end comes last. Nothing else points there.
var list *node

//go:noinline
func end() *node {
	n := list
	for n.next != nil {
		n = n.next
	}
	return n
}

//go:noinline
func hold(i int) { end().held = &object{i, i, i, i} }

//go:noinline
func take() *object {
	n := end()
	o := n.held
	n.held = nil
	return o
}

var garbage *object

// allocate makes n objects; every thousandth takes a step.
func allocate(n int) {
	for range n {
		garbage = &object{-1, -1, -1, -1}
	}
}

func main() {
	const nodes = 30_000
	for range nodes {
		list = &node{next: list}
	}
	work, done := make(chan int), make(chan bool)
	go func() {
		for n := range work {
			allocate(n)
			done <- true
		}
	}()
	lost := 0
	for i := range 100 {
		hold(i)
		allocate(1003) // the step is another time at another place
		o := take()
		work <- 2000
		<-done
		if *o != (object{i, i, i, i}) {
			lost++
		}
	}
	fmt.Println("objects lost:", lost)
}
