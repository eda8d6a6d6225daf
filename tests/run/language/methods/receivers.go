// Value and pointer receivers: copies, addressability, chains, arrays, maps of pointers,
// elements of slices, embedded, temporaries, loops.
package main

import "fmt"

type counter struct {
	n    int
	hist [4]int
}

func (c counter) plus(k int) counter    { c.n += k; c.hist[k%4]++; return c }
func (c *counter) add(k int) *counter   { c.n += k; c.hist[k%4]++; return c }
func (c counter) get() int              { return c.n }
func (c *counter) reset()               { *c = counter{} }
func (c counter) self() *counter        { return &c }
func (c *counter) same(d *counter) bool { return c == d }

type arr [3]int

func (a arr) with(i, v int) arr { a[i] = v; return a }
func (a *arr) set(i, v int)     { a[i] = v }

type holder struct {
	c  counter
	p  *counter
	cs []counter
	m  map[string]*counter
	a  [2]counter
}

func makeCounter() counter { return counter{n: 100} }
func pointer() *counter    { return &counter{n: 200} }

func main() {
	var c counter
	d := c.plus(1).plus(2)
	c.add(10).add(20).plus(1000)
	fmt.Println(c, d, c.get(), (&c).get(), (*counter).get(&c))
	h := holder{p: &counter{}, cs: make([]counter, 2), m: map[string]*counter{"k": {}}}
	h.c.add(1)
	h.p.add(2)
	h.cs[1].add(3)
	h.m["k"].add(4)
	h.a[1].add(5)
	(&h).c.add(6)
	hp := &h
	hp.a[0].add(7)
	fmt.Println(h.c.n, h.p.n, h.cs[1].n, h.m["k"].n, h.a[1].n, h.a[0].n)
	copied := h
	copied.c.add(100)
	copied.p.add(100)
	copied.cs[0].add(100)
	copied.a[0].add(100)
	fmt.Println(h.c.n, h.p.n, h.cs[0].n, h.a[0].n)
	fmt.Println(makeCounter().plus(1).get(), pointer().add(1).plus(1).n, makeCounter().self().add(5).n)
	for _, c := range h.cs {
		c.add(1000)
	}
	for i := range h.cs {
		h.cs[i].add(1)
	}
	fmt.Println(h.cs[0].n, h.cs[1].n)
	e := c.self()
	e.add(1)
	fmt.Println(e.n-c.n, c.same(&c), e.same(&c))
	c.reset()
	fmt.Println(c)
	a := arr{1, 2, 3}
	b := a.with(0, 10)
	a.set(1, 20)
	fmt.Println(a, b, (*arr).with(&a, 2, 30))
	pp := &hp
	(*pp).c.add(1)
	(**pp).p.reset()
	fmt.Println(h.c.n, h.p.n)
	f := func(c counter) *counter { return c.add(1) }
	fmt.Println(f(c).n, c.n)
}
