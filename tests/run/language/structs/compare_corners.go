// Comparison: NaN within structs, arrays, interfaces and complex numbers; both zeros; blank
// fields and padding; the order in which fields are looked at before an interface that cannot
// be compared panics; pointers to empty things; channels, and functions against nil.
package main

import (
	"fmt"
	"math"
)

type inner struct {
	f float64
	_ int
	s string
}
type mixed struct {
	a  byte
	in inner
	b  int64
	c  any
	d  [2]any
}
type padded struct {
	a byte
	b int64
	c byte
	_ [3]byte
	d float32
}
type uncomparableLast struct {
	n int
	v any
}

func try(name string, f func() bool) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	fmt.Println(name, f())
}

//go:noinline
func same[T comparable](a, b T) bool { return a == b }

func main() {
	nan := math.NaN()
	zero, minus := 0.0, math.Copysign(0, -1)
	fmt.Println(nan == nan, zero == minus, [2]float64{1, nan} == [2]float64{1, nan}, [2]float64{0, 1} == [2]float64{minus, 1})
	a, b := inner{zero, 1, "x"}, inner{minus, 2, "x"}
	fmt.Println(a == b, any(a) == any(b), same(a, b), a == inner{nan, 1, "x"}, inner{f: nan} == inner{f: nan})
	m := mixed{1, a, 2, 3, [2]any{"x", nil}}
	n := m
	n.in = b
	fmt.Println(m == n, same(m, n), any(m) == any(n))
	n.d[1] = nan
	o := n
	fmt.Println(n == o, any(n) == any(n), &n == &n, n != o)
	p, q := padded{1, 2, 3, [3]byte{1, 2, 3}, 4}, padded{1, 2, 3, [3]byte{9, 9, 9}, 4}
	fmt.Println(p == q, any(p) == any(q), same(p, q), map[padded]int{p: 1}[q], map[any]int{p: 1}[q])
	c, d := complex(nan, 1), complex(0, minus)
	fmt.Println(c == c, d == 0, any(d) == any(complex128(0)), [1]complex64{complex64(d)} == [1]complex64{0})
	var e, f any = []int{1}, []int{1}
	try("slices in any", func() bool { return e == f })
	try("different types", func() bool { return e == any(map[int]int{}) })
	try("nil and a slice", func() bool { return e == nil })
	try("first field differs", func() bool { return uncomparableLast{1, e} == uncomparableLast{2, f} })
	try("reaches the slice", func() bool { return uncomparableLast{1, e} == uncomparableLast{1, f} })
	try("boxed struct", func() bool { return any(uncomparableLast{1, e}) == any(uncomparableLast{1, f}) })
	try("array of any", func() bool { return [2]any{1, e} == [2]any{2, f} })
	try("array reaches", func() bool { return [2]any{1, e} == [2]any{1, f} })
	try("func in any", func() bool { return any(main) == any(main) })
	try("type parameter", func() bool { return same[any](e, f) })
	try("key", func() bool { return map[any]bool{1: true}[e] })
	try("key in a struct", func() bool { return map[uncomparableLast]bool{}[uncomparableLast{1, e}] })
	try("array of funcs", func() bool { return any([1]func(){}) == any([1]func(){}) })
	try("empty array of funcs", func() bool { return any([0]func(){}) == any([0]func(){}) })
	try("case", func() bool {
		switch e {
		case 1, "x":
			return false
		case f:
			return true
		}
		return false
	})
	ch := make(chan int)
	var recv <-chan int = ch
	var send chan<- int = ch
	fmt.Println(recv == ch, send == ch, any(recv) == any(ch), any(ch) == any(ch), recv != nil)
	var fn func()
	var mp map[int]int
	fmt.Println(fn == nil, mp == nil, any(fn) == nil, any(mp) == nil, any(fn) == any(mp))
	var err error
	var stringer fmt.Stringer
	fmt.Println(any(err) == stringer2(stringer), any(err) == any(stringer), any((*int)(nil)) == nil)
	nans := map[float64]int{nan: 1, nan: 2, 0: 3}
	nans[nan] = 4
	nans[minus] = 5
	_, found := nans[nan]
	sum := 0
	for _, v := range nans {
		sum += v
	}
	fmt.Println(len(nans), found, nans[0], sum)
	delete(nans, nan)
	before := len(nans)
	clear(nans)
	fmt.Println(before, len(nans))
}

func stringer2(s fmt.Stringer) any {
	if s == nil {
		return nil
	}
	return s
}
