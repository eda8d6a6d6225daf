// math: every function on ordinary and special values, to the last bit.
package main

import (
	"fmt"
	"math"
)

func main() {
	inf, nan := math.Inf(1), math.NaN()
	xs := []float64{0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 2, 3, 10, 0.1, 1.5, -2.5, 3.5, 100.25, 1e-10, 1e10, -1e10, 1e300, 5e-324, math.MaxFloat64, math.Pi, math.E, inf, -inf, nan, 0.9999999, 709.5, -745, 1 << 53, 1e16}
	one := []struct {
		name string
		f    func(float64) float64
	}{
		{"Abs", math.Abs}, {"Acos", math.Acos}, {"Acosh", math.Acosh}, {"Asin", math.Asin}, {"Asinh", math.Asinh}, {"Atan", math.Atan}, {"Atanh", math.Atanh},
		{"Cbrt", math.Cbrt}, {"Ceil", math.Ceil}, {"Cos", math.Cos}, {"Cosh", math.Cosh}, {"Erf", math.Erf}, {"Erfc", math.Erfc}, {"Erfinv", math.Erfinv}, {"Erfcinv", math.Erfcinv},
		{"Exp", math.Exp}, {"Exp2", math.Exp2}, {"Expm1", math.Expm1}, {"Floor", math.Floor}, {"Gamma", math.Gamma}, {"J0", math.J0}, {"J1", math.J1}, {"Y0", math.Y0}, {"Y1", math.Y1},
		{"Log", math.Log}, {"Log10", math.Log10}, {"Log1p", math.Log1p}, {"Log2", math.Log2}, {"Logb", math.Logb}, {"Round", math.Round}, {"RoundToEven", math.RoundToEven},
		{"Sin", math.Sin}, {"Sinh", math.Sinh}, {"Sqrt", math.Sqrt}, {"Tan", math.Tan}, {"Tanh", math.Tanh}, {"Trunc", math.Trunc},
	}
	for _, o := range one {
		fmt.Print(o.name)
		for _, x := range xs {
			fmt.Printf(" %x", math.Float64bits(o.f(x)))
		}
		fmt.Println()
	}
	two := []struct {
		name string
		f    func(a, b float64) float64
	}{
		{"Atan2", math.Atan2}, {"Copysign", math.Copysign}, {"Dim", math.Dim}, {"Hypot", math.Hypot}, {"Max", math.Max}, {"Min", math.Min}, {"Mod", math.Mod},
		{"Nextafter", math.Nextafter}, {"Pow", math.Pow}, {"Remainder", math.Remainder},
	}
	for _, o := range two {
		h := uint64(14695981039346656037)
		for _, x := range xs {
			for _, y := range xs {
				b := math.Float64bits(o.f(x, y))
				if b>>52&0x7ff == 0x7ff && b<<12 != 0 {
					b = 1
				}
				h = (h ^ b) * 1099511628211
			}
		}
		fmt.Printf("%s %x\n", o.name, h)
	}
	for _, x := range xs {
		fr, e := math.Frexp(x)
		ip, fp := math.Modf(x)
		lg, sign := math.Lgamma(x)
		s, c := math.Sincos(x)
		fmt.Println(x, fr, e, ip, fp, lg, sign, s, c, math.IsInf(x, 0), math.IsNaN(x), math.Signbit(x), math.Ldexp(x, 3), math.Nextafter32(float32(x), 1))
	}
	for n := -3; n <= 5; n++ {
		fmt.Println(math.Jn(n, 2.5), math.Yn(n, 2.5), math.Pow10(n*60), math.FMA(float64(n), 3, 0.1))
	}
	fmt.Println(math.Ilogb(8.5), math.Ilogb(0), math.Ilogb(inf))
	fmt.Println(math.MaxInt64, uint64(math.MaxUint64), math.SmallestNonzeroFloat32, math.MaxFloat32)
	var h uint64
	x := 1e-5
	for range 5000 {
		h = h*31 + math.Float64bits(math.Exp(x)) + math.Float64bits(math.Log(x)) + math.Float64bits(math.Sin(x*1000)) + math.Float64bits(math.Pow(x, 1.37)) + math.Float64bits(math.Tan(x))
		x *= 1.0017
	}
	fmt.Printf("%x\n", h)
	// Conversions at the edges that the language defines.
	for _, f := range []float64{0.9, -0.9, 1e9, -1e9, 2147483647.5, 4294967295, 9.2e18} {
		fmt.Println(int64(f), int32(int64(f)), uint64(math.Abs(f)), float32(f))
	}
}
