// math/cmplx and complex arithmetic of the language.
package main

import (
	"fmt"
	"math"
	"math/cmplx"
)

func main() {
	inf, nan := math.Inf(1), math.NaN()
	zs := []complex128{0, 1, -1, 1i, -1i, 1 + 2i, -3.5 + 0.25i, complex(1e200, 1e-200), complex(inf, 1), complex(0, -inf), complex(nan, 0), complex(math.Copysign(0, -1), 0), 0.5 - 0.5i}
	fs := []struct {
		n string
		f func(complex128) complex128
	}{
		{"Acos", cmplx.Acos}, {"Acosh", cmplx.Acosh}, {"Asin", cmplx.Asin}, {"Asinh", cmplx.Asinh}, {"Atan", cmplx.Atan}, {"Atanh", cmplx.Atanh},
		{"Conj", cmplx.Conj}, {"Cos", cmplx.Cos}, {"Cosh", cmplx.Cosh}, {"Cot", cmplx.Cot}, {"Exp", cmplx.Exp}, {"Log", cmplx.Log}, {"Log10", cmplx.Log10},
		{"Sin", cmplx.Sin}, {"Sinh", cmplx.Sinh}, {"Sqrt", cmplx.Sqrt}, {"Tan", cmplx.Tan}, {"Tanh", cmplx.Tanh},
	}
	for _, f := range fs {
		fmt.Print(f.n)
		for _, z := range zs {
			fmt.Print(" ", f.f(z))
		}
		fmt.Println()
	}
	for _, z := range zs {
		r, th := cmplx.Polar(z)
		fmt.Println(cmplx.Abs(z), cmplx.Phase(z), r, th, cmplx.Rect(2, real(z)), cmplx.IsNaN(z), cmplx.IsInf(z))
		for _, w := range zs {
			fmt.Print(z*w, z/w, z+w, z-w, z == w, " ")
		}
		fmt.Println(cmplx.Pow(z, 2-1i))
	}
	var c64 complex64 = 1 + 2i
	c64 *= c64
	fmt.Println(c64, real(c64), c64/(3-4i), cmplx.Pow(0, 0), cmplx.Inf(), cmplx.NaN())
	fmt.Printf("%v %.2f %g %8.3f|%+v\n", 1-2i, 1.005+2i, complex64(0.1), 3i, -1i)
	// The roots of unity add up to nothing.
	sum := complex128(0)
	for k := range 12 {
		sum += cmplx.Exp(complex(0, 2*math.Pi*float64(k)/12))
	}
	fmt.Println(cmplx.Abs(sum) < 1e-14)
	// Mandelbrot by characters.
	for y := -1.2; y <= 1.2; y += 0.2 {
		for x := -2.0; x <= 0.6; x += 0.06 {
			z, n := complex128(0), 0
			for ; n < 50 && cmplx.Abs(z) < 2; n++ {
				z = z*z + complex(x, y)
			}
			fmt.Print(string(" .:-=+*#%@"[n/6]))
		}
		fmt.Println()
	}
}
