// maps and iter: the functions, iterators by hand, Pull and its corners.
package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

type list[T any] struct {
	v    T
	next *list[T]
}

func (l *list[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for ; l != nil; l = l.next {
			if !yield(l.v) {
				return
			}
		}
	}
}

func Map[A, B any](s iter.Seq[A], f func(A) B) iter.Seq[B] {
	return func(yield func(B) bool) {
		for a := range s {
			if !yield(f(a)) {
				return
			}
		}
	}
}

func Zip[A, B any](a iter.Seq[A], b iter.Seq[B]) iter.Seq2[A, B] {
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

func count(stopped *bool) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer func() { *stopped = true }()
		for i := 0; yield(i); i++ {
		}
	}
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	fmt.Println(slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Values(m)), len(m))
	c := maps.Clone(m)
	c["d"] = 4
	maps.Copy(m, map[string]int{"a": 10})
	fmt.Println(m, c, maps.Equal(m, c), maps.EqualFunc(m, m, func(x, y int) bool { return x == y }))
	maps.DeleteFunc(c, func(k string, v int) bool { return v%2 == 0 })
	fmt.Println(c, maps.Clone(map[int]int(nil)) == nil)
	maps.Insert(c, maps.All(map[string]int{"z": 26}))
	fmt.Println(c, maps.Collect(slices.All([]string{"x", "y"})))

	l := &list[int]{1, &list[int]{2, &list[int]{3, nil}}}
	fmt.Println(slices.Collect(Map(l.All(), func(i int) string { return strings.Repeat("*", i) })))
	for a, b := range Zip(l.All(), slices.Values([]string{"x", "y"})) {
		fmt.Print(a, b, " ")
	}
	fmt.Println()

	var stopped bool
	next, stop := iter.Pull(count(&stopped))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(stopped)
	fmt.Println(next())
	stop()

	n2, s2 := iter.Pull2(maps.All(map[string]int{"only": 1}))
	fmt.Println(n2())
	fmt.Println(n2())
	s2()
	// Never started: the function must not run at all.
	ran := false
	_, s3 := iter.Pull(func(yield func(int) bool) { ran = true })
	s3()
	fmt.Println("ran", ran)
	// A panic in the iterator comes out of next.
	n4, s4 := iter.Pull(func(yield func(int) bool) {
		yield(1)
		panic("inside")
	})
	fmt.Println(n4())
	try("next", func() { n4() })
	fmt.Println(n4())
	s4()
	// A panic after stop.
	n5, s5 := iter.Pull(func(yield func(int) bool) {
		defer func() { panic("in defer") }()
		yield(1)
	})
	n5()
	try("stop", s5)
	// Calling yield after it returned false, and after the loop.
	try("continued", func() {
		for range func(yield func() bool) { yield(); yield() } {
			break
		}
	})
	var leaked func(int) bool
	try("leaked", func() {
		for range func(yield func(int) bool) { leaked = yield; yield(1) } {
		}
		leaked(2)
	})
	try("panicking body", func() {
		for x := range l.All() {
			if x == 2 {
				panic(fmt.Sprint("at ", x))
			}
		}
	})
	// Nested loops with labels, returns and defers.
	f := func() (r string) {
		defer func() { r += "!" }()
	outer:
		for a := range l.All() {
			for b := range l.All() {
				if b == 2 {
					continue outer
				}
				if a == 3 {
					return fmt.Sprint("found ", a, b)
				}
				defer func() { r += fmt.Sprint(" d", a, b) }()
			}
		}
		return "none"
	}
	fmt.Println(f())
	// Many coroutines at once.
	var nexts []func() (int, bool)
	for i := range 100 {
		n, s := iter.Pull(func(yield func(int) bool) {
			for j := 0; j < i; j++ {
				if !yield(j) {
					return
				}
			}
		})
		defer s()
		nexts = append(nexts, n)
	}
	total := 0
	for range 50 {
		for _, n := range nexts {
			if v, ok := n(); ok {
				total += v
			}
		}
	}
	fmt.Println(total)
}
