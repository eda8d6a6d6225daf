// Small functions in every form, inlined or not: early returns, loops, named results,
// panics, recursion, closures passed down, defers, several results, shadowed names.
package main

import "fmt"

func sign(x int) int {
	if x < 0 {
		return -1
	} else if x == 0 {
		return 0
	}
	return 1
}
func clamp(x, lo, hi int) (r int) {
	r = x
	if r < lo {
		r = lo
		return
	}
	if r > hi {
		r = hi
	}
	return r
}
func divmod(a, b int) (q, r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%v", e)
		}
	}()
	return a / b, a % b, nil
}
func first(s []string, ok func(string) bool) (string, bool) {
	for _, x := range s {
		if ok(x) {
			return x, true
		}
	}
	return "", false
}
func must[T any](v T, ok bool) T {
	if !ok {
		panic("must")
	}
	return v
}
func inc(p *int) int       { *p++; return *p }
func twice(f func())       { f(); f() }
func id(x any) any         { return x }
func length(xs ...int) int { return len(xs) }
func gcd(a, b int) int {
	if b == 0 {
		return a
	}
	return gcd(b, a%b)
}
func find(m [][]int, want int) (int, int) {
outer:
	for i, row := range m {
		for j, v := range row {
			if v > want {
				continue outer
			}
			if v == want {
				return i, j
			}
		}
	}
	return -1, -1
}
func swap(a, b int) (int, int) { return b, a }
func choose(b bool, x, y func() int) int {
	if b {
		return x()
	}
	return y()
}

type vec struct{ x, y int }

func (v vec) add(w vec) vec     { return vec{v.x + w.x, v.y + w.y} }
func (v *vec) scale(k int) *vec { v.x *= k; v.y *= k; return v }
func (v vec) pair() (int, int)  { return v.x, v.y }

type wrap struct{ in func(int) int }

func (w wrap) call(x int) int { return w.in(w.in(x)) }

func main() {
	x := 5
	fmt.Println(sign(-3), sign(0), sign(x), clamp(x, 6, 9), clamp(x, 0, 3), clamp(clamp(x, 1, 2), 3, 4))
	fmt.Println(divmod(7, 2))
	fmt.Println(divmod(7, x-5))
	fmt.Println(must(first([]string{"a", "bb"}, func(s string) bool { return len(s) == 2 })))
	func() {
		defer func() { fmt.Println(recover()) }()
		must(first(nil, nil))
	}()
	a := inc(&x) + inc(&x)*inc(&x)
	twice(func() { x++; twice(func() { x *= 2 }) })
	fmt.Println(a, x, id(x) == id(x), length(), length(1, 2), gcd(84, 36))
	fmt.Println(find([][]int{{1, 9, 3}, {2, 3}}, 3))
	p, q := swap(swap(1, 2))
	fmt.Println(p, q, choose(p < q, func() int { x = 1; return x }, func() int { x = 2; return x }), x)
	v := vec{1, 2}
	w := v.add(vec{3, 4}).add(v)
	w.scale(2).scale(3)
	fmt.Println(v, w, fmt.Sprint(w.pair()))
	n := 0
	c := wrap{func(x int) int { n++; return x + n }}
	fmt.Println(c.call(c.call(0)), n)
	for i := range 3 {
		r := clamp(i*10, 5, 15)
		defer func() { fmt.Print(r, " ") }()
		x, r := swap(r, i)
		fmt.Print(x, r, "; ")
	}
	fmt.Println()
	s := []int{}
	add := func(v ...int) []int { s = append(s, v...); return s }
	fmt.Println(len(add(1)), len(add(2, 3)), len(add()), s)
}
