// What a function does not use any more is garbage, even though it was in a register or in
// the function's frame.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	next *node
	pad  [100]byte
}

//go:noinline
func touch(n *node) int { return int(n.pad[3]) }

type queue struct{ head, tail *node }

func (q *queue) push() {
	n := &node{}
	if q.tail == nil {
		q.head, q.tail = n, n
		return
	}
	q.tail.next = n
	q.tail = n
}

func (q *queue) pop() *node {
	n := q.head
	q.head = n.next
	return n
}

// moveOn lets a queue be as long as it was, of other nodes.
func (q *queue) moveOn() {
	for range 100_000 {
		q.push()
		q.pop()
	}
}

func kilobytes() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc >> 10
}

// report wants less to be alive than half of what anything forgotten here would be.
func report(name string) {
	if k := kilobytes(); k > 5_000 {
		fmt.Println(name, k, "KB are alive")
		return
	}
	fmt.Println(name, "is forgotten")
}

// finalized tells whether an object that nobody has is found to be garbage.
func finalized(name string, set func(done chan bool)) {
	done := make(chan bool, 1)
	set(done)
	runtime.GC()
	<-done
	fmt.Println(name, "is finalized")
}

func main() {
	done := make(chan bool, 1)
	runtime.SetFinalizer(new([100]int), func(*[100]int) { done <- true })
	runtime.GC()
	<-done
	fmt.Println("an operand is finalized")

	finalized("a result", func(done chan bool) {
		runtime.SetFinalizer(new([100]int), func(*[100]int) { done <- true })
	})
	finalized("an element", func(done chan bool) {
		m := map[int]*[10]int{}
		for i := range 10 {
			m[i] = new([10]int)
		}
		runtime.SetFinalizer(m[5], func(*[10]int) { done <- true })
		delete(m, 5)
	})

	q := &queue{}
	for range 10 {
		q.push()
	}
	old := q.pop()
	touch(old)
	q.moveOn()
	report("a variable")

	waits := make(chan bool)
	for range 20 {
		go func() {
			n := q.head
			if touch(n) == 5 {
				return
			}
			touch(n.next)
			waits <- true
			select {}
		}()
		<-waits
	}
	q.moveOn()
	report("what parked goroutines had")

	work, did := make(chan []*node), make(chan int)
	for range 50 {
		go func() {
			for request := range work {
				sum := 0
				for _, n := range request {
					sum += touch(n)
				}
				did <- sum
			}
		}()
	}
	for range 200 {
		request := make([]*node, 2000)
		for i := range request {
			request[i] = &node{}
		}
		work <- request
		<-did
	}
	report("what workers did before")

	blocks := [][]byte{}
	for range 100 {
		blocks = append(blocks, make([]byte, 1<<20))
	}
	fmt.Println(len(blocks), "blocks")
	blocks = nil
	report("what was in a variable")
	runtime.KeepAlive(q)
}
