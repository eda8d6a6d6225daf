// Generic functions with closures, method values, defers, channels, big structs, arrays;
// each instance has its own code and its own static data.
package main

import (
	"fmt"
	"sync"
)

type big struct {
	data [30]int
	name string
}
type vec3 [3]float64

func counter[T any](step func(T) T, start T) (next func() T, reset func()) {
	now := start
	next = func() T { defer func() { now = step(now) }(); return now }
	reset = func() { now = start }
	return
}
func memo[K comparable, V any](f func(K) V) func(K) V {
	m := map[K]V{}
	var mu sync.Mutex
	return func(k K) V {
		mu.Lock()
		defer mu.Unlock()
		if v, ok := m[k]; ok {
			return v
		}
		v := f(k)
		m[k] = v
		return v
	}
}
func swap[T any](a, b *T) { *a, *b = *b, *a }
func reversed[T any](s []T) []T {
	r := make([]T, len(s))
	for i, v := range s {
		r[len(s)-1-i] = v
	}
	return r
}
func pipeline[T any](in []T, fs ...func(T) T) (out []T) {
	c := make(chan T)
	go func() {
		defer close(c)
		for _, v := range in {
			for _, f := range fs {
				v = f(v)
			}
			c <- v
		}
	}()
	for v := range c {
		out = append(out, v)
	}
	return out
}
func try[T any](f func() T) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%T: %v", v, r)
		}
	}()
	return f(), nil
}
func ptr[T any](v T) *T { return &v }

type stack[T any] struct{ s []T }

func (s *stack[T]) push(v T)                 { s.s = append(s.s, v) }
func (s *stack[T]) pop() (v T)               { v, s.s = s.s[len(s.s)-1], s.s[:len(s.s)-1]; return v }
func (s stack[T]) peek() T                   { return s.s[len(s.s)-1] }
func (s *stack[T]) ops() (func(T), func() T) { return s.push, s.pop }

func main() {
	next, reset := counter(func(n int) int { return n * 2 }, 1)
	next()
	next()
	fmt.Println(next())
	reset()
	fmt.Println(next())
	bn, _ := counter(func(b big) big { b.data[29]++; b.name += "x"; return b }, big{})
	bn()
	bn()
	b := bn()
	fmt.Println(b.data[29], b.name)
	calls := 0
	square := memo(func(n int) int { calls++; return n * n })
	fmt.Println(square(4), square(4), square(5), calls)
	named := memo(func(v vec3) big { return big{name: fmt.Sprint(v)} })
	fmt.Println(named(vec3{1, 2}).name, named(vec3{1, 2}) == named(vec3{1, 2}))
	x, y := big{name: "x"}, big{name: "y"}
	swap(&x, &y)
	fmt.Println(x.name, y.name, reversed([]vec3{{1}, {2}}), reversed([]string{"a", "b", "c"}))
	fmt.Println(pipeline([]float64{1, 2}, func(f float64) float64 { return f / 2 }, func(f float64) float64 { return -f }))
	fmt.Println(try(func() int { var m map[int]int; m[1] = 1; return 0 }))
	fmt.Println(try(func() vec3 { return vec3{1} }))
	_, err := try(func() big { panic("big") })
	fmt.Println(err, *ptr(5), ptr(x).name, *ptr[any](nil))
	var s stack[big]
	push, pop := s.ops()
	push(x)
	push(y)
	fmt.Println(s.peek().name, pop().name, len(s.s))
	peek := s.peek
	s.push(big{name: "later"})
	fmt.Println(peek().name, s.peek().name, stack[int].peek(stack[int]{[]int{7}}), (*stack[big]).pop(&s).name)
	fs := []any{reversed[int], reversed[int8], ptr[big]}
	for _, f := range fs {
		fmt.Printf("%T ", f)
	}
	fmt.Println()
}
