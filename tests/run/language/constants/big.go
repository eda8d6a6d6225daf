// Untyped constants are exact: huge integers, long fractions, and their later conversion.
package main

import (
	"fmt"
	"math"
)

const (
	huge     = 1 << 500
	small    = huge >> 498
	googol   = 1e100
	ten      = googol / 1e99
	third    = 1.0 / 3
	one      = third * 3
	deep     = (huge - 1) / (1<<250 - 1) / (1<<200 + 1)
	factor   = 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12 * 13 * 14 * 15 * 16 * 17 * 18 * 19 * 20 * 21 * 22 * 23 * 24 * 25
	catalan  = factor / (1 << 22) % 1000007
	piDigits = 3.14159265358979323846264338327950288419716939937510582097494459
	tiny     = 1e-400
	normal   = tiny * 1e400
	maxU     = 1<<64 - 1
	minI     = -1 << 63
)

type meters float32

func main() {
	fmt.Println(small, ten, one == 1, deep%97, catalan)
	fmt.Println(piDigits == math.Pi, float32(piDigits), piDigits-3.14159265358979323846)
	fmt.Println(normal, uint64(maxU), int64(minI), maxU/2 == math.MaxInt64)
	var f32 float32 = third
	var f64 float64 = third
	fmt.Println(float64(f32) == f64, meters(third), meters(1)/3 == meters(third))
	const x = 0.1 + 0.2
	a, b := 0.1, 0.2
	fmt.Println(x == 0.3, a+b == 0.3, x)
	fmt.Println(huge/(1<<490), -huge>>495, huge&(huge-1) == 0, huge^huge)
	fmt.Println(int64(5.0), uint8(255.0), 'a'*1.0, 1e3 == 1000, float64(1<<62))
	fmt.Println(-7/2, -7%2, -7.0/2, 7/2*2.0, 7/2.0*2, 1/3+1/3.0)
	fmt.Println(math.MaxUint64/1e3, math.MaxFloat64 > huge, math.SmallestNonzeroFloat64/2 == 0)
	fmt.Println(0x1p-2, 0x1.8p1, 0b1010, 0o755, 1_000_000, 0x_ff, .5e1, 1e-2)
	fmt.Println(5.0<<3, 1.0<<3 == 8, uint(1.0)<<3, len("abc")<<2)
	const big = 0xffffffffffffffffffffffff
	fmt.Println(big%1000, big>>64, uint32(big>>64), big&0xff)
	fmt.Println(complex(huge, 0) == huge, real(3i*3i), 1i*1i == -1)
	fmt.Println(float32(16777217.0), float32(0.1) == 0.1, float64(float32(0.1)) == 0.1)
}
