// Values of every size class through parameters, results, closures, interfaces, channels,
// maps, defers and method values: around the limits of what goes in registers.
package main

import "fmt"

type (
	s0 struct{}
	s1 struct{ a int8 }
	s3 struct {
		a int8
		b float32
		c string
	}
	s6 struct {
		a, b, c int
		d, e, f float64
	}
	s7 struct {
		s6
		g any
	}
	one struct {
		x [1]string
		y [0]int
		z [1][1]int16
	}
	two  struct{ x [2]int32 }
	mixd struct {
		e  s0
		a  bool
		f  func() int
		m  map[string]int
		sl []byte
	}
	cplx struct {
		c complex64
		d complex128
	}
)

//go:noinline
func pass[T any](n int, v T, f float64, w T, s string) (T, int, T, string, float64) {
	return w, n + 1, v, s + "!", f * 2
}

//go:noinline
func results[T any](v T) (a, b, c T, err error) { return v, v, v, fmt.Errorf("%v", v) }

type holder[T any] struct {
	before byte
	v      T
	after  byte
}

func (h holder[T]) get(extra ...T) (T, int) { return h.v, len(extra) + int(h.after) }
func (h *holder[T]) set(v T) *holder[T]     { h.v = v; return h }

type getter[T any] interface{ get(...T) (T, int) }

func try[T comparable](v, w T) {
	a, n, b, s, f := pass(1, v, 1.5, w, "s")
	x, y, z, err := results(v)
	fmt.Println(a == w, n, b == v, s, f, x == v && y == v && z == v, err)
	h := holder[T]{1, v, 2}
	var g getter[T] = h
	h.set(w)
	r1, n1 := g.get(v, w)
	r2, n2 := (&h).get()
	get := h.get
	h.set(v)
	r3, _ := get()
	fmt.Println(r1 == v, n1, r2 == w, n2, r3 == w, h.before, h.after)
	c := make(chan T, 2)
	c <- v
	c <- w
	r4, r5 := <-c, <-c
	m := map[T]T{v: w, w: v}
	r6, ok := m[v]
	var i any = w
	r7, ok2 := i.(T)
	func() {
		defer func(d T, e T) { v, w = e, d }(v, w)
	}()
	clo := func() (T, T) { return w, v }
	r8, r9 := clo()
	arr := [3]T{1: v}
	arr[2], arr[0] = arr[1], w
	sl := append([]T{v}, arr[:]...)
	fmt.Println(r4 == r8, r5 == r9, r6 == r9 || len(m) == 1, ok, r7 == r9, ok2, arr[2] == r8, sl[1] == r9, len(sl))
	done := make(chan T)
	go func(v T, n int, w T) { done <- w }(v, 1, w)
	fmt.Println(<-done == w)
}

func main() {
	try(s0{}, s0{})
	try(s1{1}, s1{-2})
	try(s3{1, 2.5, "x"}, s3{-1, 0.5, "y"})
	try(s6{1, 2, 3, 4, 5, 6}, s6{7, 8, 9, 10, 11, 12})
	try(s7{s6{a: 1}, "i"}, s7{s6{f: 2}, 5})
	try(one{[1]string{"a"}, [0]int{}, [1][1]int16{{3}}}, one{[1]string{"b"}, [0]int{}, [1][1]int16{{4}}})
	try(two{[2]int32{1, 2}}, two{[2]int32{3, 4}})
	try(cplx{1i, 2}, cplx{3, 4i})
	try("text", "")
	try(any(1), any(nil))
	try([3]any{1, "x"}, [3]any{nil, 2.5})
	try(true, false)
	try(int8(-128), 127)
	try(float32(1.5), -0.5)
	a, _, b, _, _ := pass(1, mixd{a: true, f: func() int { return 5 }, sl: []byte("ab")}, 0, mixd{m: map[string]int{"k": 7}}, "")
	fmt.Println(a.m["k"], b.f(), string(b.sl), b.a, a.f == nil)
}
