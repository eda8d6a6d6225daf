// Inference in its corners: from untyped constants together, from functions without their
// type arguments passed to functions, from assignments and results, through core types,
// channel directions, named types with a composite underlying type, and partial lists.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

type ints []int
type table map[string]ints
type unary[T any] func(T) T

func kind[T any](x T) string     { return fmt.Sprintf("%T", x) }
func kinds[T any](x ...T) string { return fmt.Sprintf("%T", x) }
func apply[S ~[]E, E, R any](s S, f func(E) R) []R {
	var out []R
	for _, x := range s {
		out = append(out, f(x))
	}
	return out
}
func keep[S ~[]E, E any](s S, f func(E) bool) S {
	var out S
	for _, x := range s {
		if f(x) {
			out = append(out, x)
		}
	}
	return out
}
func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C { return func(a A) C { return g(f(a)) } }
func identity[T any](x T) T                                   { return x }
func twice[T any](f func(T) T) func(T) T                      { return func(x T) T { return f(f(x)) } }
func pair[A, B any](a A, b B) (A, B)                          { return a, b }
func first[A, B any](a A, _ B) A                              { return a }
func double[N cmp.Ordered](n N) N                             { return n + n }
func values[M ~map[K]V, K cmp.Ordered, V any](m M) []V {
	var out []V
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
func drain[E any](c <-chan E) (out []E) {
	for x := range c {
		out = append(out, x)
	}
	return
}
func fill[E any](c chan<- E, xs ...E) {
	for _, x := range xs {
		c <- x
	}
}
func deref[P ~*E, E any](p P) E    { return *p }
func size[A ~[4]E, E any](a A) int { return len(a) }
func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

type setter[T any] interface {
	*T
	Set(string)
}
type number struct{ n int }

func (n *number) Set(s string) { n.n, _ = strconv.Atoi(s) }
func parse[T any, P setter[T]](words ...string) []T {
	out := make([]T, len(words))
	for i, w := range words {
		P(&out[i]).Set(w)
	}
	return out
}

type list[T any] struct {
	v    T
	next *list[T]
}

func push[T any](l *list[T], v T) *list[T] { return &list[T]{v, l} }
func fold[T, R any](l *list[T], r R, f func(R, T) R) R {
	for ; l != nil; l = l.next {
		r = f(r, l.v)
	}
	return r
}

type named chan int
type point struct{ X, Y int }
type pointer *point

func main() {
	fmt.Println(kinds(1, 2.5), kinds(1, 'a'), kinds(1, 2i), kinds('a', 1.5), kinds(1<<3, 2.0))
	var f32 float32 = 1.5
	fmt.Println(kinds(1, f32), kinds(f32, 1<<2), kind('x'), kind(1<<3), kind(2i*2i))
	fmt.Println(apply(ints{1, 2}, strconv.Itoa), apply([]string{"a"}, strings.ToUpper))
	fmt.Printf("%T %v\n", keep(ints{1, 2, 3}, func(i int) bool { return i&1 == 1 }), len(keep(ints(nil), func(int) bool { return true })))
	fmt.Println(apply(ints{1, 2}, identity), apply(ints{1, 2}, double), apply([]string{"x"}, double))
	fmt.Println(compose(strconv.Itoa, double)(12), compose(double[int], strconv.Itoa)(12), compose(strings.Fields, func(s []string) int { return len(s) })("a b c"))
	var f func(string) string = identity
	var g unary[int] = identity
	var h func(float64) float64
	h = double
	fmt.Println(f("f"), g(3), h(1.25), twice(double[int])(5), twice(g)(8))
	k := func() func(rune) rune { return identity }()
	fmt.Println(k('k'), kind(k))
	a, b := pair[float64](1, 2)
	fmt.Println(kind(a), kind(b), kind(first[any](1, 2)), first(pair("x", 3)))
	fmt.Println(values(table{"b": {2}, "a": {1}}), values(map[rune]error{'x': errors.New("e")}))
	c := make(chan int, 3)
	fill(c, 1, 2, 3)
	close(c)
	fmt.Println(drain(c))
	n := make(named, 1)
	n <- 7
	close(n)
	fmt.Println(drain(n), deref(&f32), deref(pointer(&point{1, 2})), size([4]bool{}))
	fmt.Println(must(strconv.Atoi("42")), must(strconv.ParseBool("true")))
	fmt.Println(parse[number]("3", "x", "5"))
	l := push(push(push(nil, 1), 2), 3)
	fmt.Println(fold(l, "", func(s string, i int) string { return s + strconv.Itoa(i) }), fold(l, 0.5, func(r float64, i int) float64 { return r + float64(i) }))
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		must(strconv.Atoi("4x"))
	}()
	slices.SortFunc(apply(ints{3, 1}, identity), cmp.Compare)
	less := func(x, y point) int { return cmp.Or(cmp.Compare(x.X, y.X), -cmp.Compare(x.Y, y.Y)) }
	ps := []point{{2, 1}, {1, 1}, {1, 3}}
	slices.SortFunc(ps, less)
	fmt.Println(ps, slices.MaxFunc(ps, less), slices.IndexFunc(ps, func(p point) bool { return p == point{1, 1} }))
}
