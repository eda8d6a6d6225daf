// min and max: constants, mixed types, floats with NaN and zeros, strings, many operands.
package main

import (
	"fmt"
	"math"
)

type level int
type word string

func n(v int) int { fmt.Print("n", v, " "); return v }

func least[T int | float64 | string](a T, rest ...T) T {
	for _, r := range rest {
		a = min(a, r)
	}
	return a
}

func main() {
	const c = min(3, 1.0, 'a')
	var arr [max(2, 4)]int
	fmt.Println(c, len(arr), min(1, 2.5), max(1, 2.5), max('a', 98))
	fmt.Printf("%T %T %T %T\n", min(1, 2.5), max('a', 1), min(level(3), 2), max(word("b"), "a"))
	x, y := 3, -7
	var u8 uint8 = 200
	fmt.Println(min(x, y), max(x, y), min(x, y, 0, -100), max(u8, 5), min(u8, 255), max(int8(-1), -128))
	nan, inf, z, mz := math.NaN(), math.Inf(1), 0.0, math.Copysign(0, -1)
	fmt.Println(min(nan, 1), max(1, nan), min(inf, nan), max(inf, 1), min(-inf, 1), min(1, inf, 2))
	fmt.Println(math.Signbit(min(z, mz)), math.Signbit(min(mz, z)), math.Signbit(max(z, mz)), math.Signbit(max(mz, z)), math.Signbit(max(mz, mz)))
	var f32 float32 = 1.5
	fmt.Println(min(f32, 2), max(f32, 1.25), float32(math.NaN()) != min(f32, float32(math.NaN())))
	fmt.Println(min("b", "a", "c"), max("b", "ab", "ba"), min("", "x"), max(word("x"), word("xx")))
	fmt.Println(min(n(3), n(1), n(2)), max(n(1), n(2)), min(n(5)))
	fmt.Println(least(3, 1, 2), least(2.5, -1), least("q", "p"), least(7))
	m := math.MinInt64
	fmt.Println(min(m, math.MaxInt64), max(uint64(1<<63), 1), min(uint64(1<<63), 1<<62))
	s := []int{5, 2, 9}
	lo, hi := s[0], s[0]
	for _, v := range s {
		lo, hi = min(lo, v), max(hi, v)
	}
	fmt.Println(lo, hi, max(lo, min(hi, 4)))
}
