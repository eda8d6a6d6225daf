// NaN, infinities and the two zeros: comparison, arithmetic, min and max, switches, keys.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func compare(a, b float64) string {
	return fmt.Sprint(a == b, a != b, a < b, a <= b, a > b, a >= b, !(a < b), !(a == b))
}

//go:noinline
func branch(a, b float64) (s string) {
	if a < b {
		s += "<"
	} else {
		s += "!<"
	}
	if a >= b {
		s += ">="
	} else {
		s += "!>="
	}
	if !(a > b) {
		s += " not>"
	}
	for a == b {
		return s + " equal"
	}
	return s
}

func main() {
	nan, inf, zero := math.NaN(), math.Inf(1), 0.0
	minus := math.Copysign(0, -1)
	values := []float64{nan, inf, -inf, zero, minus, 1}
	for _, a := range values {
		for _, b := range values {
			fmt.Println(a, b, compare(a, b), branch(a, b), a+b, a-b, a*b, a/b, min(a, b), max(a, b))
		}
	}
	fmt.Println(1/zero, -1/zero, 1/minus, zero/zero, math.Signbit(minus), math.Signbit(-zero), math.Signbit(0*-1.0*zero))
	fmt.Println(math.Signbit(min(zero, minus)), math.Signbit(max(minus, zero)), math.Signbit(zero-zero), math.Signbit(minus-zero))
	switch nan {
	case nan:
		fmt.Println("equal to itself")
	default:
		fmt.Println("not equal to itself")
	}
	switch minus {
	case 0:
		fmt.Println("minus zero is zero")
	}
	m := map[float64]int{}
	m[nan], m[nan], m[zero], m[minus] = 1, 2, 3, 4
	_, ok := m[nan]
	fmt.Println(len(m), ok, m[0])
	var x, y any = nan, nan
	fmt.Println(x == y, x != y, any(zero) == any(minus))
	a, b := [2]float64{1, nan}, [2]float64{1, zero}
	c := [2]float64{1, minus}
	fmt.Println(a == a, b == c, struct{ f float64 }{nan} == struct{ f float64 }{nan})
	big := math.MaxFloat64
	fmt.Println(big*2, -big*2, big-big*2, math.Sqrt(-1), math.Mod(5, 0), math.IsInf(big+big, 0))
}
