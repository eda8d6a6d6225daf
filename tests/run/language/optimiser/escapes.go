// Pointers to locals that outlive their function in every way, read back after collections.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	v    int
	next *node
	data []int
}
type sinker interface{ sink(*int) }
type keeper struct{ ps []*int }

func (k *keeper) sink(p *int) { k.ps = append(k.ps, p) }

type dropper struct{}

func (dropper) sink(*int) {}

var global *int

func returned() *int                   { x := 1; return &x }
func viaStruct() node                  { x := node{v: 2}; return node{next: &x} }
func viaSlice() []*int                 { x, y := 3, 4; return []*int{&x, &y} }
func viaMap() map[string]*int          { x := 5; return map[string]*int{"k": &x} }
func viaClosure() (func(), func() int) { x := 6; return func() { x++ }, func() int { return x } }
func viaChan(c chan *int)              { x := 7; c <- &x }
func viaInterface() any                { x := [3]int{8}; return &x }
func viaParam(n *node)                 { x := node{v: 9}; n.next = &x }
func viaGlobal()                       { x := 10; global = &x }
func viaVariadic(ps ...*int) []*int    { return ps }
func viaSinker(s sinker)               { x := 11; s.sink(&x) }
func viaField() *int                   { n := node{v: 12}; return &n.v }
func viaArray() []int                  { a := [4]int{1, 2, 3, 13}; return a[1:] }
func viaDefer() (p *int)               { x := 14; defer func() { p = &x }(); return nil }
func viaPanic() (p *int) {
	defer func() { p = recover().(*int) }()
	x := 15
	panic(&x)
}
func viaMethodValue() func(*int) { k := keeper{}; return k.sink }
func viaDouble() **int           { x := 16; p := &x; return &p }
func viaLoop() (ps []*int) {
	for i := range 3 {
		ps = append(ps, &i)
	}
	return
}
func conditional(b bool) *int {
	x, y := 17, 18
	p := &x
	if b {
		p = &y
	}
	return p
}
func through(p *int) *int { return p }
func notKept(p *int) int  { return *p }
func chain(n int) (head *node) {
	for i := range n {
		head = &node{i, head, make([]int, i)}
	}
	return
}

func churn() {
	for i := range 2000 {
		_ = fmt.Sprint(make([]byte, i%100))
	}
	runtime.GC()
}

func main() {
	a, b, c, d := returned(), viaStruct(), viaSlice(), viaMap()
	inc, get := viaClosure()
	ch := make(chan *int, 1)
	viaChan(ch)
	e := viaInterface()
	var f node
	viaParam(&f)
	viaGlobal()
	g := viaVariadic(new(int), a)
	k := &keeper{}
	viaSinker(k)
	viaSinker(dropper{})
	h, i, j, l, m := viaField(), viaArray(), viaDefer(), viaPanic(), viaDouble()
	viaMethodValue()(a)
	n, o, p := viaLoop(), conditional(true), conditional(false)
	q := func() *int { x := 19; return through(&x) }()
	r := chain(100)
	churn()
	inc()
	sum := 0
	for x := r; x != nil; x = x.next {
		sum += x.v + len(x.data)
	}
	x := 20
	fmt.Println(*a, b.next.v, *c[0], *c[1], *d["k"], get(), *<-ch, e.(*[3]int)[0], f.next.v, *global, *g[0], *g[1], *k.ps[0])
	fmt.Println(*h, i[2], cap(i), *j, *l, **m, *n[0], *n[1], *n[2], *o, *p, *q, sum, notKept(&x))
}
