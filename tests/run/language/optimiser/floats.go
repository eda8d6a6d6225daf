// Float identities that do not hold: x+0, x-x, x*0, x/x, 0-x, comparisons negated, NaN;
// constants folded as at run time.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func hide[T any](x T) T { return x }

//go:noinline
func ops(x float64) []float64 {
	return []float64{x + 0, x - 0, 0 - x, -x, x * 0, x * 1, x / 1, x - x, x / x, x * -1, x + x, x * 2, x / 2, x * 0.5, x / 3, x * 3 / 3, (x + 1) - 1, x + -x, 1 / x, 0 / x}
}

//go:noinline
func same(x float64) []float64 {
	z, o, t := hide(0.0), hide(1.0), hide(3.0)
	return []float64{x + z, x - z, z - x, hide(-x), x * z, x * o, x / o, hide(x) - hide(x), hide(x) / hide(x), x * -o, hide(x) + hide(x), x * hide(2.0), x / hide(2.0), x * hide(0.5), x / t, hide(x*t) / t, hide(x+o) - o, x + hide(-x), o / x, z / x}
}

//go:noinline
func compares(x, y float64) []bool {
	return []bool{x == x, x != x, x < y, !(x < y), x >= y, !(x >= y), x == y, !(x == y), x <= y || x > y, x < y == !(x >= y), x > 0 || x <= 0, !(x != y)}
}

func equal(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b }

func main() {
	values := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1e308, -1e308, 5e-324, math.Inf(1), math.Inf(-1), math.NaN(), 1 << 53, 0.3}
	for _, x := range values {
		a, b := ops(x), same(x)
		for i := range a {
			if !equal(a[i], b[i]) {
				fmt.Println("differs", x, i, a[i], b[i])
			}
		}
		fmt.Println(a)
		for _, y := range values {
			for _, b := range compares(x, y) {
				fmt.Print(map[bool]int{true: 1}[b])
			}
		}
		fmt.Println()
	}
	a, b, c := hide(0.1), hide(0.2), hide(0.3)
	fmt.Println(a+b == c, 0.1+0.2 == 0.3, a+b+c == a+(b+c), a*b*c == a*(b*c), float32(a)+float32(b) == float32(c))
	x := hide(float32(16777216))
	fmt.Println(x+1 == x, float64(x)+1 == float64(x), x+1-x, float32(float64(x)+1))
	sum := 0.0
	for i := 1; i <= 1000; i++ {
		sum += 1 / float64(i)
	}
	fmt.Println(sum, math.FMA(a, b, c), float64(a*b)+c, math.Sqrt(hide(2.0)), math.Floor(hide(-0.5)), math.Trunc(hide(-1.5)), math.RoundToEven(hide(2.5)))
	fmt.Println(int64(hide(1e18)), uint8(hide(200.7)), int32(hide(-2.9)), uint64(hide(1.8e19)))
}
