// float32 arithmetic rounds after every operation; conversions between the two sizes.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func mulAdd(a, b, c float32) float32 { return float32(a*b) + c }

//go:noinline
func sum(xs []float32) (s float32, d float64) {
	for _, x := range xs {
		s += x
		d += float64(x)
	}
	return
}

func bits(f float32) string { return fmt.Sprintf("%v %#08x", f, math.Float32bits(f)) }

func main() {
	fmt.Println(bits(0.1), bits(float32(0.1)+float32(0.2)), bits(1.0/3))
	fmt.Println(bits(mulAdd(1.0000001, 1.0000001, -1)))
	xs := make([]float32, 1000)
	for i := range xs {
		xs[i] = 0.1
	}
	s, d := sum(xs)
	fmt.Println(bits(s), d, float64(s))
	big := float32(math.MaxFloat32)
	fmt.Println(big, big*2, -big*2, big+1 == big, big*2-big*2)
	tiny := float32(math.SmallestNonzeroFloat32)
	fmt.Println(tiny, tiny/2, tiny*0.6, tiny/2*2, -tiny/2, bits(-tiny/2))
	for _, f := range []float64{0.1, 1e-46, 1e-45, 3.4028235677973366e38, 3.4028235677973362e38, 16777217, 16777219,
		math.Inf(1), math.MaxFloat64, -5e-324} {
		g := float32(f)
		fmt.Println(f, bits(g), float64(g) == f)
	}
	nan := float32(math.NaN())
	fmt.Println(nan, nan == nan, nan != nan, nan < 1, nan > 1, float64(nan) != float64(nan))
	var f float32 = 16777216
	f++
	fmt.Println(f, f+1, f+2, f == 16777216)
	f /= 3
	f -= 0.5
	f *= -1
	fmt.Println(bits(f), int32(f))
	fmt.Println(float32(1)/3*3 == 1, float64(1)/49*49 == 1)
}
