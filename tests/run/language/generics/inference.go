// Type inference: from arguments, constants, functions, results, core types, partial lists,
// through named types, untyped mixtures, generic functions as arguments and values.
package main

import (
	"fmt"
	"strconv"
)

func id[T any](t T) T                                         { return t }
func two[A, B any](a A, b B) string                           { return fmt.Sprintf("%T %T", a, b) }
func both[T any](a, b T) string                               { return fmt.Sprintf("%T %v %v", a, a, b) }
func apply[A, B any](a A, f func(A) B) B                      { return f(a) }
func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C { return func(a A) C { return g(f(a)) } }
func convert[To any, From any](f From, c func(From) To) To    { return c(f) }
func zero[T any]() (t T)                                      { return }
func elem[S ~[]E, E any](s S) (E, string)                     { return s[0], fmt.Sprintf("%T", s) }
func deref[P ~*T, T any](p P) T                               { return *p }
func entry[M ~map[K]V, K comparable, V any](m M, k K) V       { return m[k] }
func variadic[T any](ts ...T) string                          { return fmt.Sprintf("%T", ts) }
func chans[T any](in <-chan T, out chan<- T)                  { out <- <-in }
func methods[T interface{ String() string }](t T) string      { return t.String() }
func nested[T any](m map[string][]func(T) bool) string        { return fmt.Sprintf("%T", m) }
func reduce[T, A any](ts []T, a A, f func(A, T) A) A {
	for _, t := range ts {
		a = f(a, t)
	}
	return a
}
func double[T ~int | ~float64](t T) T { return t * 2 }

type ints []int
type named int

func (n named) String() string { return "named " + strconv.Itoa(int(n)) }

type predicate func(int) bool

var fromContext func(string) string = id

func takes(f func(int) int) int { return f(21) }

func main() {
	fmt.Println(two(1, "a"), two('x', 2.5), two(1 > 2, 1i), two(id[int8], named(1)))
	fmt.Println(both(1, 2.5), both('a', 1), both(2, named(3)), both[any](1, "x"), both(1i, 2))
	fmt.Println(apply(3, strconv.Itoa), apply("4", strconv.Quote), apply(5, func(n int) []int { return []int{n} }))
	fmt.Println(compose(strconv.Itoa, func(s string) int { return len(s) })(12345), compose(double[named], named.plus)(4))
	fmt.Println(convert(7, strconv.Itoa), convert[float64](7, func(n int) float64 { return float64(n) / 2 }))
	fmt.Println(zero[int](), zero[string]() == "", zero[*int]() == nil, zero[[2]bool](), zero[func()]() == nil)
	fmt.Println(elem(ints{5}))
	fmt.Println(elem([]string{"s"}))
	n := 9
	fmt.Println(deref(&n), entry(map[string]int{"k": 3}, "k"), entry(map[named]bool{4: true}, 4))
	fmt.Println(variadic(1, 2.5), variadic("a"), variadic[any](), variadic(ints{1}...), variadic(ints{1}))
	in, out := make(chan string, 1), make(chan string, 1)
	in <- "through"
	chans(in, out)
	fmt.Println(<-out, methods(named(5)), nested(map[string][]func(int) bool{}))
	fmt.Println(reduce([]int{1, 2, 3}, "", func(a string, n int) string { return a + strconv.Itoa(n) }))
	fmt.Println(reduce([]string{"a", "bb"}, 0.5, func(a float64, s string) float64 { return a + float64(len(s)) }))
	fmt.Println(fromContext("context"), takes(id), takes(double))
	var f func(float64) float64 = double
	g := double[named]
	fmt.Println(f(1.5), g(3), apply(2.5, double), apply(named(2), double))
	fs := []func(int) int{id, double, func(x int) int { return -x }}
	for _, f := range fs {
		fmt.Print(f(5), " ")
	}
	fmt.Println()
	p := predicate(func(n int) bool { return n > 0 })
	fmt.Println(apply(1, p), two(p, fs[0]))
	h := func() func(int) int { return double }()
	fmt.Println(h(50))
}

func (n named) plus() named { return n + 1 }
