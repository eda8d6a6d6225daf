// Generic aliases and plain aliases: of generic types, with fewer parameters, of functions,
// maps; identity of the types; embedding through an alias.
package main

import "fmt"

type pair[A, B any] struct {
	a A
	b B
}

func (p pair[A, B]) String() string { return fmt.Sprintf("<%v|%v>", p.a, p.b) }

type same[T any] = pair[T, T]
type flipped[A, B any] = pair[B, A]
type byName[V any] = map[string]V
type ptr[T any] = *T
type callback[T any] = func(T) error
type vec[T any] = []T
type grid[T any] = vec[vec[T]]
type intPair = same[int]
type set[T comparable] = map[T]struct{}
type nothing[T any] = int
type any2 = any

func sumOf[T int | float64](v vec[T]) (s T) {
	for _, x := range v {
		s += x
	}
	return
}

func first[A any](p same[A]) A { return p.a }

type holder struct {
	intPair
	ptr[string]
}

func main() {
	var p same[int] = pair[int, int]{1, 2}
	var q intPair = p
	fmt.Println(p, q, p == q, first(q), first(flipped[string, string]{"x", "y"}))
	fmt.Printf("%T %T %T %T\n", p, flipped[int, string]{}, byName[bool]{}, grid[int8]{})
	m := byName[vec[int]]{"k": {1, 2}}
	m["k"] = append(m["k"], 3)
	fmt.Println(m, sumOf(m["k"]), sumOf(vec[float64]{0.5, 1}))
	s := "text"
	h := holder{q, &s}
	fmt.Println(h.a, h.intPair, *h.ptr)
	var cb callback[int] = func(n int) error { return fmt.Errorf("n=%d", n) }
	fmt.Println(cb(4))
	var i any2 = p
	_, ok := i.(pair[int, int])
	_, no := i.(same[int64])
	fmt.Println(ok, no)
	x := set[rune]{'a': {}}
	_, in := x['a']
	var n nothing[string] = 5
	fmt.Println(in, n, len(grid[int]{{1}, {2}}))
	switch i.(type) {
	case flipped[string, int]:
		fmt.Println("never")
	case intPair:
		fmt.Println("intPair")
	}
}
