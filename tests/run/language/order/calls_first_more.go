// The same in package-level variables, generic functions, bodies of ranges over functions,
// closures in closures, keys of maps of all kinds, and what is copied before a call because
// it has to be in memory.
package main

import (
	"fmt"
	"os"
	"strings"
)

var state = 1

//go:noinline
func bump() int { state++; return state }

// Package-level variables: each initialiser is a statement.
var (
	sum       = state + bump()
	list      = []int{state, bump(), state}
	pairA     = [2]any{state, bump()}
	table     = map[int]int{state: bump()}
	first, ok = map[int]string{0: "zero", 4: "four"}[state-bump()+bump()-state]
	text      = fmt.Sprint(state, bump(), state)
	_         = state + bump()
	structure = struct{ a, b int }{state, bump()}
	elements  = []any{state + bump(), [2]int{state, bump()}, &struct{ a, b int }{state, bump()}, []int{state, state * bump()}}
	called    = fmt.Sprint(struct{ a, b int }{state, bump()}, []int{state, bump()})
	mixed     = map[string][]int{"a": {state, bump()}, "b": {state + bump()}}
)

type number interface{ ~int | ~float64 }

//go:noinline
func add[T number](a, b T) T { return a*100 + b }

func both[T number](p *T, f func() T) (T, T) { return *p, f() }

func lists[T any](p *T, f func() T) []T { return []T{*p, f(), *p} }

func boxes[T any](p *T, f func() T) string { return fmt.Sprint(*p, f(), *p) }

type list2[K comparable, V any] struct {
	m map[K]V
	k K
}

func (l *list2[K, V]) set(f func() V) { l.m[l.k] = f() }
func (l *list2[K, V]) get(f func() K) (V, K) {
	return l.m[l.k], f()
}

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func fromRange() (int, int) {
	x := 1
	f := func() int { x *= 10; return x }
	for i := range seq(5) {
		if i == 2 {
			return x, f()
		}
		x += i + f()
	}
	return 0, 0
}

func namedFromRange() (a, b int, err error) {
	f := func() int { a++; return a }
	defer func() { b += a }()
	for i := range seq(3) {
		if i > 0 {
			return a, f(), nil
		}
		a, b = b+1, f()
	}
	return
}

type key struct{ a int32 }
type wide struct{ a, b, c int64 }
type named string
type one struct{ s string }
type arr [1]int64

var (
	k   key
	w   wide
	n   named
	o   one
	a   arr
	i8  int8
	u32 uint32
	f   float64
	b   bool
	e   any
	c   chan int
)

func keys() {
	change := func() int {
		k, w, n, o, a, i8, u32, f, b = key{2}, wide{4, 5, 6}, "b", one{"b"}, arr{2}, 2, 2, 2.5, true
		e, c = "e", make(chan int)
		return 7
	}
	back := func() {
		k, w, n, o, a, i8, u32, f, b = key{1}, wide{1, 2, 3}, "a", one{"a"}, arr{1}, 1, 1, 1.5, false
		e, c = 1, nil
	}
	back()
	fmt.Println(map[key]int{k: change()})
	back()
	fmt.Println(map[wide]int{w: change()})
	back()
	fmt.Println(map[wide]int{{w.a, 1, w.c}: change()})
	back()
	fmt.Println(map[named]int{n: change()})
	back()
	fmt.Println(map[one]int{o: change()})
	back()
	fmt.Println(map[arr]int{a: change()})
	back()
	fmt.Println(map[int8]int{i8: change()}, map[int8]int{i8 + 1: change()})
	back()
	fmt.Println(map[uint32]int{u32: change()})
	back()
	fmt.Println(map[float64]int{f: change()}, f)
	back()
	fmt.Println(map[float64]int{f * 2: change()}, f)
	back()
	fmt.Println(map[bool]int{b: change()}, map[bool]int{!b: change()})
	back()
	fmt.Println(map[any]int{e: change()})
	back()
	fmt.Println(len(map[any]int{k: change(), i8: change(), i8 + 1: 2}), map[any]int{u32: change(), u32: 5})
	back()
	fmt.Println(map[string]int{string(n): change()}, map[string]int{"x" + string(n): change()})
	back()
	fmt.Println(len(map[chan int]int{c: change(), nil: 1}))
	back()

	m := map[wide]int{{1, 2, 3}: 1, {4, 5, 6}: 2}
	fmt.Println(m[w]*10+change(), m[wide{w.a, 5, w.c}])
	back()
	mk := map[key]int{{1}: 1, {2}: 2}
	fmt.Println(mk[k]*10 + change())
	back()
	mk[k] = change()
	fmt.Println(mk)
	back()
	mk[k] += change()
	fmt.Println(mk)
	back()
	v, there := mk[key{int32(change()) - 6}]
	fmt.Println(v, there)
}

type row struct {
	cells [4]int
	next  *row
}

func memory() {
	r := &row{cells: [4]int{1, 2, 3, 4}}
	f := func() int { r.cells[0] = 50; r = &row{cells: [4]int{9, 9, 9, 9}, next: r}; return 5 }
	show := func(a any, b ...any) { fmt.Println(a, b) }
	show(r.cells, f())
	show((*r).cells, f() > 1)
	show(r.cells == [4]int{9, 9, 9, f()}, r.next.cells == [4]int{50, 2, 3, 4})
	show(r.cells[f()-4:f()-2], r.cells[1])
	rows := []row{*r, {cells: [4]int{f()}}, *r}
	fmt.Println(rows[0].cells, rows[1].cells, rows[2].cells)
	a, b := *r, f()
	fmt.Println(a.cells, b)
	var c [2]row
	c[b-5], b = *r, f()
	fmt.Println(c[0].cells, b)
	old := r.cells
	r.cells, r.cells[1] = [4]int{7, 7, 7, 7}, f()
	fmt.Println(old, r.cells, r.next.cells)
	d := func() (row, int) { return *r, f() }
	e, n := d()
	fmt.Println(e.cells, n)
	func(r row, n int) { fmt.Println(r.cells, n) }(*r, f())
	func(n int, rows ...row) { fmt.Println(rows[0].cells, n) }(f(), *r)
	ch := make(chan row, 1)
	ch <- row{cells: [4]int{r.cells[0], f()}}
	fmt.Println((<-ch).cells)
	m := map[string]row{"a": *r}
	g := func() string { m["a"] = row{}; return "a" }
	fmt.Println(m["a"].cells, m[g()].cells)
	m["b"], b = *r, f()
	fmt.Println(m["b"].cells)
}

func nested() {
	x := 1
	f := func() int {
		g := func() int { x *= 3; return x }
		return x*100 + g()*10 + func() int { return x + g() }()
	}
	fmt.Println(x, f(), x)
	fmt.Println(x, add(x, add(x, f())%7), x)
	s := []string{"a", "b"}
	h := func(t string) string { s = append([]string{t}, s...); return strings.Join(s, "") }
	fmt.Println(s[0]+h("c")+s[0], len(s), s[0] == h("d"), len(s))
	var p *int
	q := func() *int { p = &x; return p }
	fmt.Println(p == nil, p == q(), *q() == x, p != nil)
	var err error
	try := func() int { err = os.ErrNotExist; return 3 }
	fmt.Println(func() (error, int) { return err, try() }())
	cond := func(a bool) bool { x++; return a }
	fmt.Println(x, x > 0 && cond(true), x, cond(false) || x > 1, x)
	i := 0
	next := func() int { i++; return i }
	grid := [3][3]int{}
	grid[i][next()] = i*10 + next()
	grid[next()-1][i-3] += i
	fmt.Println(grid, i)
	i, grid[i-4][0] = next()-4, next()
	fmt.Println(grid, i)
	var fs [2]func(...int) string
	fs[0] = func(n ...int) string { return fmt.Sprint("zero", n) }
	fs[1] = func(n ...int) string { return fmt.Sprint("one", n) }
	fmt.Println(fs[i-2](next(), i, next()-1, i))
	defer fmt.Println("deferred", i, next(), i)
	defer func(a, b int) { fmt.Println("deferred", a, b, i) }(i, next())
	switch i + next() {
	case next() * 2:
		fmt.Println("case", i)
	default:
		fmt.Println("default", i)
	}
	for j := i + next(); j < i+next(); j += i + next() {
		fmt.Println("loop", i, j)
	}
	for i, j := range []int{i, next(), i} {
		fmt.Println("range", i, j)
	}
	var labels [20]string
	labels[i], labels[next()] = "before", fmt.Sprint("after", i)
	fmt.Println(labels)
}

func main() {
	fmt.Println(sum, list, pairA, table, first, ok, text, structure)
	fmt.Println(elements[0], elements[1], *elements[2].(*struct{ a, b int }), elements[3], called, mixed)
	x, y := 1, 1.5
	f := func() int { x++; return x }
	g := func() float64 { y++; return y }
	fmt.Println(add(x, f()), add(y, g()))
	fmt.Println(both(&x, f))
	fmt.Println(both(&y, g))
	fmt.Println(lists(&x, f), boxes(&y, g))
	p := row{}
	fmt.Println(boxes(&p, func() row { p.cells[1]++; return p }))
	l := &list2[string, int]{map[string]int{"a": 1, "b": 2}, "a"}
	l.set(func() int { l.k = "b"; return 5 })
	fmt.Println(l.m)
	fmt.Println(l.get(func() string { l.k, l.m = "c", map[string]int{"c": 3}; return "d" }))
	fmt.Println(fromRange())
	fmt.Println(namedFromRange())
	keys()
	memory()
	nested()
}
