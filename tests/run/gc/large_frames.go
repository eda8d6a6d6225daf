// Values too large for a frame are objects, and the pointers in them count.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	id   int
	rest [5]int
}

const count = 20_000

type many [count]*node

// collect lets what is lost be found by others.
//
//go:noinline
func collect() {
	for range 2 {
		runtime.GC()
		var other []*node
		for range 2 * count {
			other = append(other, &node{id: -1})
		}
		runtime.KeepAlive(other)
	}
}

func (m *many) wrong() int {
	n := 0
	for i, p := range m {
		if p.id != i {
			n++
		}
	}
	return n
}

func (m *many) fill() {
	for i := range m {
		m[i] = &node{id: i}
	}
}

//go:noinline
func local() int {
	var m many
	m.fill()
	collect()
	return m.wrong()
}

//go:noinline
func made() (m many) {
	m.fill()
	collect()
	return
}

//go:noinline
func result() int {
	m := made()
	collect()
	return m.wrong()
}

// fields is large for its second half; the first is what may be missed.
type fields struct {
	m    many
	text [40_000]string
}

//go:noinline
func structure() int {
	var f fields
	f.m.fill()
	for i := range f.text {
		f.text[i] = fmt.Sprint("text ", i)
	}
	collect()
	n := f.m.wrong()
	for i, s := range f.text {
		if s != fmt.Sprint("text ", i) {
			n++
		}
	}
	return n
}

//go:noinline
func ranged() int {
	var m many
	m.fill()
	n := 0
	for i, p := range m {
		if i == 0 {
			m = many{}
			collect()
		}
		if p.id != i {
			n++
		}
	}
	return n
}

var failed int

// named results of a function that recovers live in memory while it runs.
//
//go:noinline
func recovers() (m many, err error) {
	defer func() {
		recover()
		collect()
		failed = m.wrong()
	}()
	m.fill()
	panic("on the way")
}

//go:noinline
func deferred() {
	defer recovers()
	defer made()
}

//go:noinline
func started() {
	done := make(chan bool)
	go func() { made(); done <- true }()
	go made()
	<-done
}

//go:noinline
func passed(m many) int {
	collect()
	return m.wrong()
}

//go:noinline
func pass() int {
	var m many
	m.fill()
	return passed(m)
}

type lister interface{ list() many }

func (n *node) list() (m many) {
	for i := range m {
		m[i] = &node{id: i + n.id}
	}
	collect()
	return
}

//go:noinline
func throughInterface(l lister) int {
	m := l.list()
	collect()
	return m.wrong()
}

func main() {
	fmt.Println("local:", local())
	fmt.Println("result:", result())
	fmt.Println("structure:", structure())
	fmt.Println("ranged:", ranged())
	fmt.Println("passed:", pass())
	fmt.Println("interface:", throughInterface(&node{}))
	var boxed any = made()
	collect()
	m := boxed.(many)
	fmt.Println("boxed:", m.wrong())
	made := recovers
	r, err := made()
	fmt.Println("recovered:", r.wrong(), failed, err)
	failed = -1
	deferred()
	fmt.Println("deferred:", failed)
	started()
}
