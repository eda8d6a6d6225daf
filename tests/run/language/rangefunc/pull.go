// iter.Pull and Pull2: values one by one, early stop, exhaustion, panics, stop twice.
package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

func letters(yield func(string) bool) {
	defer fmt.Print("[letters ends] ")
	for _, s := range []string{"a", "b", "c"} {
		if !yield(s) {
			fmt.Print("[stopped] ")
			return
		}
	}
}

func zip[A, B any](a iter.Seq[A], b iter.Seq[B]) iter.Seq2[A, B] {
	return func(yield func(A, B) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		for x := range a {
			y, ok := next()
			if !ok || !yield(x, y) {
				return
			}
		}
	}
}

func fibonacci(yield func(int) bool) {
	for a, b := 0, 1; yield(a); a, b = b, a+b {
	}
}

func take[T any](n int, s iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range s {
			if n--; n < 0 || !yield(v) {
				return
			}
		}
	}
}

func main() {
	next, stop := iter.Pull(letters)
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
	stop()
	next, stop = iter.Pull(letters)
	for {
		s, ok := next()
		if !ok {
			break
		}
		fmt.Print(s, " ")
	}
	fmt.Println(next())
	stop()
	unused, stopUnused := iter.Pull(letters)
	stopUnused()
	fmt.Println(unused())
	for s, n := range zip(letters, fibonacci) {
		fmt.Print(s, n, " ")
	}
	fmt.Println()
	fmt.Println(slices.Collect(take(12, fibonacci)))
	next2, stop2 := iter.Pull2(slices.All([]string{"x", "y"}))
	fmt.Println(next2())
	fmt.Println(next2())
	fmt.Println(next2())
	stop2()
	failing := func(yield func(int) bool) { yield(1); panic("fails") }
	n, s := iter.Pull(failing)
	fmt.Println(n())
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		n()
	}()
	fmt.Println(n())
	s()
	sorted := slices.Sorted(maps.Keys(map[string]int{"q": 1, "p": 2}))
	fmt.Println(sorted, slices.Collect(maps.Values(map[int]int{1: 5})))
	evens := func(yield func(int) bool) {
		for v := range fibonacci {
			if v%2 == 0 && !yield(v) {
				return
			}
		}
	}
	fmt.Println(slices.Collect(take(5, evens)))
	for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(c)
	}
	fmt.Println()
}
