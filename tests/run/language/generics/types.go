// Generic types: recursive ones, several parameters, methods, embedding, zero values,
// nested instances, local types, arrays by constants, maps of them, printing of names.
package main

import "fmt"

type list[T any] struct {
	head *node[T]
	size int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *list[T]) push(v T) *list[T] { l.head = &node[T]{v, l.head}; l.size++; return l }
func (l *list[T]) each(f func(int, T)) {
	for i, n := 0, l.head; n != nil; i, n = i+1, n.next {
		f(i, n.v)
	}
}
func (l list[T]) slice() (s []T) { l.each(func(_ int, v T) { s = append(s, v) }); return }

type pair[A, B any] struct {
	a A
	b B
}

func (p pair[A, B]) swap() pair[B, A]  { return pair[B, A]{p.b, p.a} }
func (p pair[_, B]) second() B         { return p.b }
func mk[A, B any](a A, b B) pair[A, B] { return pair[A, B]{a, b} }

type tree[K interface{ ~int | ~string }, V any] struct {
	left, right *tree[K, V]
	entry       pair[K, V]
}

func (t *tree[K, V]) put(k K, v V) *tree[K, V] {
	switch {
	case t == nil:
		return &tree[K, V]{entry: mk(k, v)}
	case k < t.entry.a:
		t.left = t.left.put(k, v)
	case k > t.entry.a:
		t.right = t.right.put(k, v)
	default:
		t.entry.b = v
	}
	return t
}
func (t *tree[K, V]) walk(yield func(K, V) bool) bool {
	return t == nil || t.left.walk(yield) && yield(t.entry.a, t.entry.b) && t.right.walk(yield)
}

type named[T any] struct {
	pair[string, T]
	*list[T]
}
type set[T comparable] map[T]struct{}

func (s set[T]) add(ts ...T) set[T] {
	for _, t := range ts {
		s[t] = struct{}{}
	}
	return s
}

type option[T any] struct {
	v  T
	ok bool
}

func some[T any](v T) option[T] { return option[T]{v, true} }
func (o option[T]) or(d T) T {
	if o.ok {
		return o.v
	}
	return d
}

type matrix[T any] [2][2]T
type fn[A, R any] func(A) R

func (f fn[A, R]) apply(as ...A) (rs []R) {
	for _, a := range as {
		rs = append(rs, f(a))
	}
	return
}

type big[T any] struct {
	pad [20]int
	v   T
}

func main() {
	l := (&list[string]{}).push("a").push("b")
	fmt.Println(l.slice(), l.size, list[int]{}.slice() == nil)
	p := mk(1, "x")
	fmt.Println(p, p.swap(), p.swap().swap() == p, p.second())
	fmt.Printf("%T %T %T\n", p, p.swap(), mk(p, l))
	var t *tree[string, []int]
	for i, k := range []string{"m", "c", "x", "a", "m"} {
		t = t.put(k, []int{i})
	}
	t.walk(func(k string, v []int) bool { fmt.Print(k, v, " "); return k != "m" })
	n := named[float64]{mk("n", 1.5), &list[float64]{}}
	n.push(2.5)
	fmt.Println(n.a, n.second(), n.slice(), n.size)
	s := set[pair[int, int]]{}.add(mk(1, 2), mk(1, 2), mk(2, 1))
	fmt.Println(len(s), some(5).or(1), option[string]{}.or("default"), some[error](nil).ok)
	m := matrix[any]{{1, "x"}, {nil, 2.5}}
	fmt.Println(m, len(m), m == matrix[any]{{1, "x"}, {nil, 2.5}})
	fmt.Println(fn[int, string](func(i int) string { return fmt.Sprint(i + 1) }).apply(1, 2))
	bs := map[string]big[big[int8]]{"k": {v: big[int8]{v: 5}}}
	b := bs["k"]
	b.v.pad[19] = 7
	fmt.Println(b.v.v, bs["k"].v.pad[19], b.v.pad[19], b == bs["k"])
	type local[T any] struct{ x, y T }
	fmt.Printf("%v %T\n", local[int]{1, 2}, local[list[string]]{})
	nested := mk(mk(1, mk("deep", 2.5)), some([]int{1}))
	fmt.Printf("%v %T\n", nested, nested)
	var i any = nested.a
	_, ok := i.(pair[int, pair[string, float64]])
	_, no := i.(pair[int, pair[string, float32]])
	fmt.Println(ok, no)
}
