// Types that speak of themselves: F-bounded constraints, mutually recursive generic types,
// builders that return the embedding type, visitors, expression trees over a type parameter,
// embedded type-parametrized structs and interfaces, and instances within their own methods.
package main

import (
	"fmt"
	"strings"
)

type ordered[T any] interface{ Less(T) bool }
type number interface{ ~int | ~float64 }

func least[T ordered[T]](first T, rest ...T) T {
	for _, x := range rest {
		if x.Less(first) {
			first = x
		}
	}
	return first
}

type cents int

func (c cents) Less(d cents) bool { return c < d }

type name struct{ first, last string }

func (n *name) Less(m *name) bool { return n.last+n.first < m.last+m.first }

type cloner[T any] interface {
	*T
	Clone() *T
}
type sheep struct{ names []string }

func (s *sheep) Clone() *sheep { return &sheep{append([]string(nil), s.names...)} }
func clones[T any, P cloner[T]](p P, n int) (out []*T) {
	for range n {
		out = append(out, p.Clone())
	}
	return
}

type builder[B any] struct {
	self  B
	parts []string
}

func (b *builder[B]) add(s string) B { b.parts = append(b.parts, s); return b.self }

type html struct {
	*builder[*html]
	depth int
}

func newHTML() *html {
	h := &html{builder: new(builder[*html])}
	h.self = h
	return h
}
func (h *html) in() *html  { h.depth++; return h.add(strings.Repeat(">", h.depth)) }
func (h *html) out() *html { h.depth--; return h }

type node[K ordered[K], V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}
type visitor[K ordered[K], V any] interface {
	visit(*node[K, V]) visitor[K, V]
}

func (n *node[K, V]) put(k K, v V) *node[K, V] {
	if n == nil {
		return &node[K, V]{key: k, value: v}
	}
	switch {
	case k.Less(n.key):
		n.left = n.left.put(k, v)
	case n.key.Less(k):
		n.right = n.right.put(k, v)
	default:
		n.value = v
	}
	return n
}
func (n *node[K, V]) accept(v visitor[K, V]) visitor[K, V] {
	if n == nil {
		return v
	}
	return n.right.accept(n.left.accept(v).visit(n))
}

type joiner[K ordered[K]] struct{ out []string }

func (j joiner[K]) visit(n *node[K, string]) visitor[K, string] {
	return joiner[K]{append(j.out, fmt.Sprint(n.key, ":", n.value))}
}

type expr[N number] interface {
	eval(env map[string]N) N
	simplify() expr[N]
}
type lit[N number] struct{ v N }
type ref[N number] string
type op[N number] struct {
	sign byte
	l, r expr[N]
}

func (l lit[N]) eval(map[string]N) N     { return l.v }
func (l lit[N]) simplify() expr[N]       { return l }
func (r ref[N]) eval(env map[string]N) N { return env[string(r)] }
func (r ref[N]) simplify() expr[N]       { return r }
func (o op[N]) eval(env map[string]N) N {
	switch a, b := o.l.eval(env), o.r.eval(env); o.sign {
	case '+':
		return a + b
	case '*':
		return a * b
	default:
		return a - b
	}
}
func (o op[N]) simplify() expr[N] {
	l, r := o.l.simplify(), o.r.simplify()
	ll, lok := l.(lit[N])
	rl, rok := r.(lit[N])
	switch {
	case lok && rok:
		return lit[N]{op[N]{o.sign, ll, rl}.eval(nil)}
	case o.sign == '*' && (lok && ll.v == 0 || rok && rl.v == 0):
		return lit[N]{}
	case o.sign == '*' && lok && ll == lit[N]{1}:
		return r
	}
	return op[N]{o.sign, l, r}
}

type a[T any] struct {
	v T
	b *b[[]T]
}
type b[T any] struct {
	v T
	c map[string]*c[T]
}
type c[T any] struct{ f func(T) *c[T] }

type embeds[T any] struct {
	fmt.Stringer
	inner[T]
}
type inner[T any] struct{ val T }

func (i inner[T]) get() T   { return i.val }
func (i *inner[T]) set(v T) { i.val = v }

type getter[T any] interface{ get() T }
type settable[T any] interface {
	getter[T]
	set(T)
}

func swap[T any](x, y settable[T]) { v := x.get(); x.set(y.get()); y.set(v) }

type str string

func (s str) String() string { return "str " + string(s) }

func main() {
	fmt.Println(least(cents(5), 3, 9), least(cents(1)), *least(&name{"A", "Z"}, &name{"B", "Y"}))
	s := &sheep{[]string{"dolly"}}
	for i, c := range clones(s, 3) {
		c.names[0] += fmt.Sprint(i)
		fmt.Print(c.names, " ")
	}
	fmt.Println(s.names)
	fmt.Println(newHTML().add("x").in().add("y").in().out().out().in().parts)
	var root *node[cents, string]
	for i, w := range strings.Fields("the quick brown fox jumps over the dog") {
		root = root.put(cents(i*5%7), w)
	}
	fmt.Println(root.accept(joiner[cents]{}).(joiner[cents]).out)
	var e expr[float64] = op[float64]{'+', op[float64]{'*', lit[float64]{1}, ref[float64]("x")}, op[float64]{'-', lit[float64]{5}, lit[float64]{2.5}}}
	fmt.Printf("%v %v %T\n", e.simplify(), e.eval(map[string]float64{"x": 4}), e.simplify())
	fmt.Println(op[int]{'*', ref[int]("y"), op[int]{'-', lit[int]{2}, lit[int]{2}}}.simplify())
	x := a[int]{1, &b[[]int]{[]int{2}, map[string]*c[[]int]{}}}
	x.b.c["f"] = &c[[]int]{}
	x.b.c["f"].f = func(v []int) *c[[]int] { fmt.Print(v, " "); return x.b.c["g"] }
	fmt.Println(x.b.c["f"].f(x.b.v) == nil)
	m, n := &embeds[string]{str("m"), inner[string]{"one"}}, &inner[string]{"two"}
	swap(m, n)
	fmt.Println(m, m.get(), n.get(), m.String(), getter[string](m).get())
	fmt.Printf("%T %T %T\n", x.b.c, e, m)
}
