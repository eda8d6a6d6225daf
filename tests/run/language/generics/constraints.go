// Constraints: type sets, tildes, methods and types together, embedded constraints,
// comparable, any, constraints with parameters, empty sets, core types.
package main

import (
	"cmp"
	"fmt"
	"strings"
)

type signed interface{ ~int | ~int8 | ~int64 }
type float interface{ ~float32 | ~float64 }
type number interface{ signed | float }
type stringish interface {
	~string
	Len() int
}
type name string

func (n name) Len() int { return len(n) }

type addable[T any] interface{ Add(T) T }
type vec struct{ x, y int }

func (v vec) Add(w vec) vec { return vec{v.x + w.x, v.y + w.y} }

type pointerTo[T any] interface {
	*T
	Set(string)
}
type field struct{ s string }

func (f *field) Set(s string) { f.s = strings.ToUpper(s) }

type seq[E any] interface{ ~[]E }
type mapping[K comparable, V any] interface{ ~map[K]V }
type ids []int
type ages map[string]int

func sum[T number](ts ...T) (s T) {
	for _, t := range ts {
		s += t
	}
	return s
}
func lens[T stringish](ts ...T) (n int) {
	for _, t := range ts {
		n += t.Len() + len(t)
	}
	return n
}
func fold[T addable[T]](first T, rest ...T) T {
	for _, r := range rest {
		first = first.Add(r)
	}
	return first
}
func parse[T any, P pointerTo[T]](ss ...string) (ts []T) {
	for _, s := range ss {
		var t T
		P(&t).Set(s)
		ts = append(ts, t)
	}
	return ts
}
func mapped[S seq[E], E, R any](s S, f func(E) R) (rs []R) {
	for _, e := range s {
		rs = append(rs, f(e))
	}
	return rs
}
func same[S seq[E], E any](s S) S { return append(S{}, s...) }
func keys[M mapping[K, V], K cmp.Ordered, V any](m M) (n int, least K) {
	for k := range m {
		if n == 0 || k < least {
			least = k
		}
		n++
	}
	return
}
func index[T comparable](ts []T, want T) int {
	for i, t := range ts {
		if t == want {
			return i
		}
	}
	return -1
}
func call[F ~func(A) R, A, R any](f F, a A) R { return f(a) }
func drain[C ~chan T | ~<-chan T, T any](c C) (ts []T) {
	for t := range c {
		ts = append(ts, t)
	}
	return ts
}
func bytesOf[T ~string | ~[]byte](t T) (n int) {
	for i := range len(t) {
		n += int(t[i])
	}
	return n + len(t[1:])
}
func convert[To, From number](f From) To { return To(f) }

type celsius float64
type handler func(int) string

func main() {
	fmt.Println(sum(1, 2, 3), sum(1.5, 2), sum[celsius](1, 2.5), sum[int8](100, 27, 1), sum[float32]())
	fmt.Println(lens(name("ab"), "c"), fold(vec{1, 2}, vec{3, 4}, vec{5, 6}))
	fmt.Println(parse[field]("a", "b"))
	fmt.Println(mapped(ids{1, 2}, func(i int) string { return fmt.Sprint(i * i) }))
	fmt.Printf("%T %T\n", same(ids{1}), same([]string{"x"}))
	fmt.Println(keys(ages{"z": 1, "b": 2}))
	fmt.Println(index([]string{"a", "b"}, "b"), index([]any{1, "x", nil}, nil), index([]vec{{1, 2}}, vec{1, 2}), index(nil, 1))
	fmt.Println(call(handler(func(i int) string { return fmt.Sprint("h", i) }), 5), call(strings.ToUpper, "f"))
	c := make(chan int, 2)
	c <- 1
	c <- 2
	close(c)
	fmt.Println(drain(c), drain((<-chan int)(c)))
	fmt.Println(bytesOf("abc"), bytesOf([]byte{1, 2}), bytesOf(name("z")))
	fmt.Println(convert[int](3.99), convert[celsius](int8(-3)), convert[int8](300.5-256), convert[float32](1<<24+1))
}
