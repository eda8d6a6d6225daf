// More arguments and results than registers, in mixtures, recursion, closures and methods.
package main

import "fmt"

type acc struct{ log []any }

//go:noinline
func ints(a, b, c, d, e, f, g, h, i, j, k, l int) (int, int, int, int, int, int, int, int, int, int) {
	return a + l, b + k, c + j, d + i, e + h, f + g, g, h, i, j
}

//go:noinline
func floats(a, b, c, d, e, f, g, h, i, j float64, k float32) (float64, float64, float64, float64, float64, float64, float64, float64, float64, float32) {
	return j, i, h, g, f, e, d, c, b + a, k
}

//go:noinline
func mixed(a int8, s string, f float32, t []int, b bool, e error, x any, c complex128, u uint16, g func(int) int, m map[string]int, last *int) (string, error) {
	*last++
	return fmt.Sprint(a, s, f, t, b, e, x, c, u, g(1), m, *last), e
}

func (r *acc) method(a, b, c, d, e, f, g string, h, i, j float64) (n int, s string) {
	r.log = append(r.log, a, g, h, j)
	return len(r.log), a + b + c + d + e + f + g
}

//go:noinline
func recursive(n int, a, b, c, d, e, f, g int, x, y float64, s string) (int, float64, string) {
	if n == 0 {
		return a + b*2 + c*3 + d*4 + e*5 + f*6 + g*7, x - y, s
	}
	return recursive(n-1, b, c, d, e, f, g, a+n, y, x+float64(n), s+"x")
}

type wide interface {
	method(a, b, c, d, e, f, g string, h, i, j float64) (int, string)
}

func deferred() (a, b, c, d, e, f, g, h, i, j int, s string) {
	defer func(x, y, z, u, v, w, q, r int, f64 float64, t string) {
		a, j, s = x+r, q, t+fmt.Sprint(f64)
	}(1, 2, 3, 4, 5, 6, 7, 8, 9.5, "t")
	return 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, "ret"
}

func main() {
	fmt.Println(ints(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
	fmt.Println(floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
	n := 5
	fmt.Println(mixed(-1, "s", 2.5, []int{1}, true, fmt.Errorf("e"), 'x', 1i, 65535, func(i int) int { return i + n }, map[string]int{"m": 1}, &n))
	r := &acc{}
	var w wide = r
	fmt.Println(w.method("a", "b", "c", "d", "e", "f", "g", 1, 2, 3))
	f := r.method
	fmt.Println(f("h", "i", "j", "k", "l", "m", "n", 4, 5, 6))
	fmt.Println((*acc).method(r, "o", "p", "q", "r", "s", "t", "u", 7, 8, 9))
	fmt.Println(r.log...)
	fmt.Println(recursive(10, 1, 2, 3, 4, 5, 6, 7, 0.5, 1.5, "s"))
	fmt.Println(deferred())
	g := func(a, b, c, d, e, f, g, h int, s ...string) int {
		n++
		return a + b + c + d + e + f + g + h + n + len(s)
	}
	fmt.Println(g(1, 2, 3, 4, 5, 6, 7, 8), g(1, 2, 3, 4, 5, 6, 7, 8, "x", "y"))
	done := make(chan int)
	go func(a, b, c, d, e, f, g, h int, s string, x float64) { done <- a*h + len(s) + int(x) }(2, 0, 0, 0, 0, 0, 0, 9, "abc", 4.5)
	fmt.Println(<-done)
}
