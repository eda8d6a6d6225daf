// Method values: receivers bound when the value is made, from values, pointers, interfaces,
// embedded fields, literals; comparison with nil; in maps, slices, goroutines.
package main

import "fmt"

type point struct{ x, y int }

func (p point) add(q point) point { return point{p.x + q.x, p.y + q.y} }
func (p *point) move(dx int) int  { p.x += dx; return p.x }

type big struct {
	data [40]int
	name string
}

func (b big) sum(extra ...int) (s int) {
	for _, v := range b.data {
		s += v
	}
	for _, v := range extra {
		s += v
	}
	return s
}

type adder interface{ add(point) point }
type number int

func (n number) plus(m number) number { return n + m }
func (n *number) inc()                { *n++ }

func get() *point { fmt.Print("(get) "); return &point{100, 100} }

func main() {
	p := point{1, 2}
	f, g := p.add, p.move
	p.x = 10
	fmt.Println(f(point{1, 1}), g(5), g(5), p)
	var a adder = p
	h := a.add
	a = point{7, 7}
	p.y = 50
	fmt.Println(h(point{}), a.add(point{}))
	q := get().move
	fmt.Println("bound")
	fmt.Println(q(1), q(1))
	b := big{name: "b"}
	b.data[39] = 5
	s := b.sum
	b.data[39] = 500
	fmt.Println(s(), s(1, 2, 3), b.sum([]int{4}...))
	n := number(3)
	plus, inc := n.plus, n.inc
	inc()
	inc()
	fmt.Println(plus(1), n)
	fs := map[string]func(int) int{"a": p.move, "b": (&point{}).move}
	fmt.Println(fs["a"](1), fs["b"](2), fs["c"] == nil)
	list := []func(){n.inc, n.inc, func() { n *= 10 }}
	for _, f := range list {
		f()
	}
	fmt.Println(n)
	done := make(chan point)
	go func(f func(point) point) { done <- f(point{1, 1}) }(p.add)
	fmt.Println(<-done)
	pp := &p
	ppAdd := pp.add
	*pp = point{}
	fmt.Println(ppAdd(point{}), (*pp).add(point{3, 3}), point{2, 2}.add(p))
	func() {
		defer func() { fmt.Println(recover()) }()
		var none *point
		f := none.move
		fmt.Println("bound to nil")
		f(1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var none *point
		_ = none.add
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var none adder
		_ = none.add
	}()
}
