// When the receiver of a method value is evaluated and copied, and what it is bound to: values,
// pointers, interfaces, embedded fields, maps, nil; method expressions of all of these.
package main

import "fmt"

type point struct{ x, y int }

func (p point) sum() int           { return p.x + p.y }
func (p *point) move(d int) *point { p.x += d; return p }
func (p point) String() string     { return fmt.Sprintf("(%d,%d)", p.x, p.y) }

type shape interface {
	sum() int
	String() string
}
type deep struct {
	*point
	shape
	name string
}
type mid struct{ point }
type top struct {
	mid
	n int
}
type fn func(int) int

func (f fn) call(n int) int { return f(n) }

type num int

func (n num) add(m num) num { return n + m }
func (n *num) inc() num     { *n++; return *n }
func (n *num) isNil() bool  { return n == nil }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	f()
}

var trace []string

func get(name string, p *point) *point { trace = append(trace, name); return p }
func arg(n int) int                    { trace = append(trace, fmt.Sprint("arg", n)); return n }

func main() {
	p := point{1, 2}
	sum, move, str := p.sum, p.move, (&p).String
	p.x = 10
	move(5)
	fmt.Println(sum(), str(), move(1) == &p)
	fmt.Println(p)
	ps := []point{{1, 1}, {2, 2}}
	i := 0
	f := ps[i].sum
	g := ps[i].move
	i = 1
	ps[0] = point{7, 7}
	g(1)
	fmt.Println(f(), ps)
	m := map[string]point{"a": {3, 4}}
	h := m["a"].sum
	delete(m, "a")
	fmt.Println(h(), m["a"].sum())
	var s shape = p
	k := s.sum
	s = point{}
	fmt.Println(k(), s.sum())
	try("nil interface value", func() {
		var s shape
		f := s.sum
		fmt.Println("not reached", f)
	})
	try("nil pointer, value method", func() {
		var p *point
		f := p.sum
		fmt.Println("not reached", f)
	})
	try("nil pointer, pointer method", func() {
		var n *num
		f := n.isNil
		fmt.Println(f(), n.isNil(), (*num).isNil(nil))
		g := n.inc
		fmt.Println("bound")
		g()
	})
	try("nil embedded", func() {
		d := deep{name: "d"}
		f := d.move
		fmt.Println("bound to a nil pointer")
		f(1)
	})
	try("nil embedded interface", func() {
		f := deep{point: &p}.shape.sum
		fmt.Println("not reached", f)
	})
	try("deferred nil func", func() {
		var f func()
		defer f()
		fmt.Println("statement passed")
	})
	t := top{mid{point{1, 2}}, 3}
	a, b, c, d := t.sum, t.move, t.mid.move, (*top).move
	t.x = 50
	b(1)
	c(1)
	d(&t, 1)
	fmt.Println(a(), top.sum(t), mid.sum(t.mid), (*mid).move(&t.mid, 1))
	fmt.Println(t)
	e := shape.String
	fmt.Println(e(t), e(p), (*point).sum(&p), interface{ sum() int }.sum(t))
	fmt.Println(fn(func(n int) int { return n * n }).call(9), fn.call(func(n int) int { return -n }, 4))
	var n num = 5
	add, inc := n.add, n.inc
	inc()
	fmt.Println(add(10), num.add(n, 1), (*num).inc(&n), inc())
	fmt.Println(n)
	get("receiver", &p).move(arg(1)).move(arg(2))
	defer get("deferred", &p).move(arg(3))
	v := get("value", &p).sum
	_ = v() + arg(4)
	go get("go", &point{}).move(arg(5))
	fmt.Println(trace)
	fs := []func() int{}
	for _, q := range []point{{1, 1}, {2, 2}, {3, 3}} {
		fs = append(fs, q.sum)
		q.x = 100
	}
	fmt.Println(fs[0](), fs[1](), fs[2]())
	calls := map[string]func(point) int{"sum": point.sum, "twice": func(p point) int { return 2 * p.sum() }}
	fmt.Println(calls["sum"](p), calls["twice"](p))
	x := struct{ point }{p}
	y := &struct{ *point }{&p}
	fmt.Println(x.sum(), y.sum())
	x.move(1)
	y.move(1)
	fmt.Println(x, y.point, p.x)
}
