// Generic methods: type parameters of methods, on plain and generic receivers, pointers,
// explicit and inferred, as values and expressions, chained, recursive.
package main

import (
	"fmt"
	"strconv"
)

type stream[T any] struct{ items []T }

func of[T any](items ...T) stream[T]                       { return stream[T]{items} }
func (s stream[T]) Map[R any](f func(T) R) stream[R] {
	var r stream[R]
	for _, v := range s.items {
		r.items = append(r.items, f(v))
	}
	return r
}
func (s stream[T]) Fold[A any](a A, f func(A, T) A) A {
	for _, v := range s.items {
		a = f(a, v)
	}
	return a
}
func (s stream[T]) Zip[U any](other []U) []pair[T, U] {
	var r []pair[T, U]
	for i := range min(len(s.items), len(other)) {
		r = append(r, pair[T, U]{s.items[i], other[i]})
	}
	return r
}

type pair[A, B any] struct {
	a A
	b B
}

type registry struct{ m map[string]any }

func (r *registry) Put[T any](k string, v T) *registry {
	if r.m == nil {
		r.m = map[string]any{}
	}
	r.m[k] = v
	return r
}
func (r *registry) Get[T any](k string) (T, bool) { v, ok := r.m[k].(T); return v, ok }

type plain int

func (p plain) As[T ~int | ~float64]() T { return T(p) }
func (p plain) Depth[T any](n int, v T) string {
	if n == 0 {
		return fmt.Sprintf("%T", v)
	}
	return p.Depth(n-1, v) + fmt.Sprint(n)
}

type embeds struct {
	*registry
	plain
}

func main() {
	s := of(1, 2, 3)
	fmt.Println(s.Map(strconv.Itoa).Map(func(s string) string { return s + "!" }).items)
	fmt.Println(s.Fold("", func(a string, n int) string { return a + strconv.Itoa(n) }), s.Fold[float64](0, func(a float64, n int) float64 { return a + float64(n)/2 }))
	fmt.Println(of(s.Zip([]string{"a", "b"})...).Map(func(p pair[int, string]) string { return p.b + strconv.Itoa(p.a) }).items)
	r := &registry{}
	r.Put("n", 5).Put("s", "text").Put[any]("nil", nil)
	n, ok := r.Get[int]("n")
	fmt.Println(n, ok)
	t, ok := r.Get[string]("n")
	fmt.Printf("%q %v\n", t, ok)
	p := plain(3)
	fmt.Println(p.As[int](), p.As[float64]()/2)
	fmt.Println(p.Depth(2, "x"), p.Depth[any](1, nil))
	e := embeds{r, 4}
	e.Put("e", 2.5)
	f, ok := e.Get[float64]("e")
	fmt.Println(f, ok, e.As[float64]())
	get := r.Get[string]
	v, ok := get("s")
	fmt.Println(v, ok)
	m := stream[int].Map[bool]
	fmt.Println(m(s, func(n int) bool { return n%2 == 1 }).items)
	put := (*registry).Put[int]
	put(r, "late", 7)
	fmt.Println(len(r.m))
}
