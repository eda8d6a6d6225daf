// What the optimiser must keep in order: panics against stores, nil checks, loops that end
// early, values seen after a recovered panic.
package main

import (
	"errors"
	"fmt"
	"unsafe"
)

type counter struct {
	n     int
	items []int
	next  *counter
}

// The field must hold what was stored before the panic.
func (c *counter) addAll(xs []int, at int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v, n=%d", r, c.n)
		}
	}()
	for i := range xs {
		c.n += xs[i]
		c.items[i+at] = c.n
	}
	return nil
}

func sumUntil(rows [][]int, j int) (sum int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v after %d", r, sum)
		}
	}()
	for i := 0; i < len(rows); i++ {
		sum += rows[i][j]
	}
	return
}

// The row's check comes before the column's, in every round.
func twoChecks(a []int, b [][]int, i, n int) (sum int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v after %d", r, sum)
		}
	}()
	for j := 0; j < n; j++ {
		sum += a[j]
		sum += b[i][j]
	}
	return
}

func nilInLoop(c *counter, n int) (rounds int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v after %d rounds", r, rounds)
		}
	}()
	for i := 0; i < n; i++ {
		rounds++
		if i >= 2 {
			rounds += c.n
		}
	}
	return
}

type shape interface{ area() int }
type square struct{ side int }
type wide struct{ a, b int }

func (s *square) area() int { return s.side * s.side }
func (w wide) area() int    { return w.a * w.b }

func total(ss []shape) (sum int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v after %d", r, sum)
		}
	}()
	for _, s := range ss {
		sum += s.area()
	}
	return
}

// An error that is nil: its type must not be looked at before the loop.
func types(e error, n int) (named int) {
	for i := 0; i < n; i++ {
		if e != nil {
			switch e.(type) {
			case interface{ Unwrap() error }:
				named++
			default:
				named += 2
			}
		}
	}
	return
}

func each(xs []int, f func(i, x int) bool) {
	for i, x := range xs {
		if !f(i, x) {
			return
		}
	}
}

func find(xs []int, want int) (at int, seen []int) {
	at = -1
	each(xs, func(i, x int) bool {
		seen = append(seen, x)
		if x == want {
			at = i
			return false
		}
		return true
	})
	return
}

func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}

func ackermann(m, n int) int {
	if m == 0 {
		return n + 1
	}
	if n == 0 {
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

// Memory seen as another type.
func bits(f *float64, u uint64) (before, after float64) {
	before = *f
	*(*uint64)(unsafe.Pointer(f)) = u
	after = *f
	return
}

//go:noinline
func words(fs []float64) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(&fs[0])), len(fs))
}

func viaWords(fs []float64) float64 {
	ws := words(fs)
	sum := 0.0
	for i := range fs {
		sum += fs[i]
		ws[i] ^= 1 << 63
		sum += fs[i] * 2
	}
	return sum
}

func header(s []int, n int) (before, after int) {
	before = len(s)
	(*struct {
		p        unsafe.Pointer
		len, cap int
	})(unsafe.Pointer(&s)).len = n
	after = len(s)
	return
}

func decreasing(a []int, from int) (sum int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v after %d", r, sum)
		}
	}()
	for j := from; j > 0; j-- {
		sum += a[j] - a[j-1]
	}
	for j := from; j >= -1; j -= 2 {
		sum += a[j]
	}
	return
}

func wrapping(from int8) (rounds int) {
	for i := from; i > 0; i += 50 {
		rounds++
		if rounds > 20 {
			break
		}
	}
	return
}

func insertion(a []int) {
	for i := 1; i < len(a); i++ {
		for j := i; j > 0 && a[j] < a[j-1]; j-- {
			a[j], a[j-1] = a[j-1], a[j]
		}
	}
}

func cases(x int) string {
	switch x {
	case -5:
		return "a"
	case 0:
		return "b"
	case 1:
		return "c"
	case 7:
		return "d"
	case 1 << 40:
		return "e"
	case -1 << 60:
		return "f"
	}
	return "-"
}

func small(x uint8) int {
	switch x {
	case 200:
		return 1
	case 3:
		return 2
	case 128:
		return 3
	case 127:
		return 4
	case 0:
		return 5
	}
	return 0
}

func both(a, b bool) bool { return a && !b || !a && b }

func logic(xs []int) (n int) {
	for _, x := range xs {
		if both(x > 2, x%2 == 0) {
			n += x
		} else if !both(x == 1, x == 3) {
			n -= 100
		}
	}
	return
}

func aliased(a, b *counter) (int, int) {
	a.n = 1
	b.n = 2
	x := a.n
	for i := 0; i < 3; i++ {
		a.n += i
		b.n += a.n
	}
	return x, a.n
}

func main() {
	c := &counter{items: make([]int, 4)}
	fmt.Println(c.addAll([]int{1, 2, 3}, 0), c.n, c.items)
	fmt.Println(c.addAll([]int{1, 2, 3, 4, 5}, 1), c.n, c.items)
	fmt.Println(sumUntil([][]int{{1, 2}, {3, 4}, {5}}, 1))
	fmt.Println(sumUntil([][]int{{1, 2}, nil, {5}}, 0))
	fmt.Println(twoChecks([]int{1, 2}, [][]int{{1, 2, 3}}, 0, 3))
	fmt.Println(twoChecks([]int{1, 2}, [][]int{{1, 2, 3}}, 1, 3))
	fmt.Println(twoChecks(nil, [][]int{{1, 2, 3}}, 5, 3))
	fmt.Println(twoChecks([]int{1, 2, 3, 4}, [][]int{{1, 2, 3}}, 0, 4))
	fmt.Println(nilInLoop(nil, 2))
	fmt.Println(nilInLoop(nil, 5))
	fmt.Println(nilInLoop(c, 5))
	fmt.Println(total([]shape{&square{3}, wide{2, 5}, &wide{1, 1}}))
	fmt.Println(total([]shape{&square{3}, nil, wide{2, 5}}))
	fmt.Println(total([]shape{wide{2, 5}, (*square)(nil)}))
	fmt.Println(total([]shape{wide{2, 5}, (*wide)(nil)}))
	fmt.Println(types(nil, 3), types(errors.New("x"), 3), types(fmt.Errorf("%w", errors.New("y")), 3))
	fmt.Println(find([]int{4, 5, 6, 7}, 6))
	fmt.Println(find([]int{4, 5}, 6))
	k := 3
	fmt.Println(compose(func(x int) int { return x + k }, func(x int) int { k++; return x * k })(5), k)
	fmt.Println(ackermann(2, 3), ackermann(3, 3))
	f := 1.5
	fmt.Println(bits(&f, 0x4000000000000000))
	fmt.Println(viaWords([]float64{1, 2, 3}))
	fmt.Println(header([]int{1, 2, 3}, 2))
	fmt.Println(decreasing([]int{1, 5, 2, 8}, 3))
	fmt.Println(decreasing([]int{1, 5, 2, 8}, 4))
	fmt.Println(decreasing([]int{1, 5, 2, 8}, 2))
	fmt.Println(wrapping(1), wrapping(100), wrapping(-1))
	a := []int{5, 2, 9, -1, 3, 3, 0}
	insertion(a)
	fmt.Println(a)
	for _, x := range []int{-5, 0, 1, 7, 1 << 40, -1 << 60, 2, -6, 8, 1<<63 - 1} {
		fmt.Print(cases(x))
	}
	fmt.Println(small(200), small(3), small(128), small(127), small(0), small(255))
	fmt.Println(logic([]int{0, 1, 2, 3, 4, 5, 6}))
	fmt.Println(aliased(&counter{}, &counter{}))
	same := &counter{}
	fmt.Println(aliased(same, same))
}
