// Methods with type parameters of their own: on plain and generic types, by value and by
// pointer, inferred and given, as values and expressions, promoted, recursive, with
// constraints that name the receiver's parameters, and not part of any interface.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type stream[T any] struct{ items []T }

func of[T any](items ...T) stream[T] { return stream[T]{items} }

func (s stream[T]) Map[R any](f func(T) R) stream[R] {
	var out stream[R]
	for _, x := range s.items {
		out.items = append(out.items, f(x))
	}
	return out
}

func (s stream[T]) Fold[R any](r R, f func(R, T) R) R {
	for _, x := range s.items {
		r = f(r, x)
	}
	return r
}

func (s *stream[T]) AddAll[S ~[]T](more S) *stream[T] {
	s.items = append(s.items, more...)
	return s
}

func (s stream[T]) GroupBy[K comparable](key func(T) K) map[K][]T {
	groups := map[K][]T{}
	for _, x := range s.items {
		groups[key(x)] = append(groups[key(x)], x)
	}
	return groups
}

type both[A, B any] struct {
	A A
	B B
}

func (s stream[T]) Zip[U any](other []U) (out []both[T, U]) {
	for i := range min(len(s.items), len(other)) {
		out = append(out, both[T, U]{s.items[i], other[i]})
	}
	return
}

type counter struct{ calls int }

func (c *counter) Note[T any](x T) T { c.calls++; return x }
func (c counter) Name[T, U any]() string {
	var t T
	var u U
	return fmt.Sprintf("%T/%T/%d", t, u, c.calls)
}
func (c *counter) Depth[T any](n int, x T) string {
	c.calls++
	if n == 0 {
		return fmt.Sprintf("%T", x)
	}
	return c.Depth(n-1, []T{x}[0])
}

type outer struct {
	*counter
	stream[string]
}

type base struct{ tag string }

func (b base) Get[T fmt.Stringer](x T) string { return b.tag + x.String() }

type word string

func (w word) String() string { return strings.ToUpper(string(w)) }

type tree[K any] struct {
	less        func(a, b K) bool
	left, right *tree[K]
	key         K
	set         bool
}

func (t *tree[K]) Walk[R any](visit func(K) (R, bool)) (out []R, ok bool) {
	if t == nil || !t.set {
		return nil, true
	}
	if out, ok = t.left.Walk(visit); !ok {
		return
	}
	r, ok := visit(t.key)
	out = append(out, r)
	if !ok {
		return out, false
	}
	more, ok := t.right.Walk(visit)
	return append(out, more...), ok
}

func (t *tree[K]) put(k K) *tree[K] {
	switch {
	case t == nil:
		return &tree[K]{key: k, set: true}
	case !t.set:
		t.key, t.set = k, true
	case t.less(k, t.key):
		t.left = t.left.put(k)
		t.left.less = t.less
	default:
		t.right = t.right.put(k)
		t.right.less = t.less
	}
	return t
}

func main() {
	s := of(1, 2, 3, 4)
	fmt.Println(s.Map(func(i int) string { return strings.Repeat("*", i) }).items)
	fmt.Println(s.Map(func(i int) float64 { return float64(i) / 2 }).Fold("", func(s string, f float64) string { return s + fmt.Sprint(f, ";") }))
	fmt.Println(s.AddAll([]int{5, 6}).Fold(0, func(a, b int) int { return a + b }))
	groups := s.GroupBy(func(i int) bool { return i%2 == 0 })
	fmt.Println(groups[true], groups[false], len(s.GroupBy[string](func(i int) string { return fmt.Sprint(i % 3) })))
	fmt.Printf("%v %+v\n", s.Zip([]string{"a", "b"}), of('x').Zip([]bool{true, false}))
	c := &counter{}
	note := c.Note[string]
	other := (*counter).Note[[]int]
	fmt.Println(note("n"), other(c, []int{1}), c.Note(2.5), c.calls, c.Name[int, error](), counter.Name[word, map[string]int](*c))
	fmt.Println(c.Depth(3, 'x'), c.Depth[any](1, nil), c.calls)
	o := outer{c, of("p", "q")}
	fmt.Println(o.Note(true), o.Map(func(s string) int { return len(s) }).items, o.Name[bool, bool]())
	fmt.Println(base{"b:"}.Get(word("w")), base.Get[word](base{"c:"}, "x"))
	t := &tree[string]{less: func(a, b string) bool { return a < b }}
	for _, w := range strings.Fields("m c x a d z n") {
		t.put(w)
	}
	fmt.Println(t.Walk(func(s string) (int, bool) { return int(s[0]), s != "n" }))
	all, _ := t.Walk(func(s string) (string, bool) { return s + s, true })
	fmt.Println(all, sort.StringsAreSorted(all))
	defer c.Note(1)
	f := func() (r string) {
		defer func() { r = c.Note(r + "!") }()
		return c.Note("deferred")
	}
	fmt.Println(f(), c.calls)
	var methods interface{ String() string } = word("only")
	_, has := any(c).(interface{ Note(int) int })
	fmt.Println(methods, has)
}
