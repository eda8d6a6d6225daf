// Complex numbers: arithmetic, comparison, parts, both sizes, printing, special values.
package main

import (
	"fmt"
	"math"
	"math/cmplx"
)

//go:noinline
func arithmetic(a, b complex128) []complex128 {
	return []complex128{a + b, a - b, a * b, a / b, -a, +b}
}

//go:noinline
func arithmetic64(a, b complex64) []complex64 { return []complex64{a + b, a - b, a * b, a / b, -a} }

type phasor complex128

func (p phasor) String() string {
	return fmt.Sprintf("%.2f∠%.2f", cmplx.Abs(complex128(p)), cmplx.Phase(complex128(p)))
}

func main() {
	values := []complex128{0, 1, 1i, 3 - 4i, complex(math.Inf(1), 0), complex(math.NaN(), 1), complex(0, math.Inf(-1)),
		complex(math.Inf(1), math.NaN())}
	for _, a := range values {
		for _, b := range values {
			fmt.Println(a, b, arithmetic(a, b), a == b)
		}
	}
	fmt.Println(arithmetic64(1+2i, 3-1i), arithmetic64(0.1i, 0))
	z := 1 + 2i
	z *= 2
	z += 1i
	z /= 1i
	z -= 0.5
	fmt.Println(z, real(z), imag(z), z == complex(real(z), imag(z)), z != 0)
	var c64 complex64 = complex64(z)
	c64 = c64 * c64
	var r float32 = real(c64)
	fmt.Println(c64, r, complex128(c64), complex(float32(1), 2))
	fmt.Printf("%v %g %.3f %e %T %T %8.2f|%+v\n", z, z, z, z, z, c64, z, z)
	fmt.Println(cmplx.Sqrt(-1), cmplx.Abs(3+4i), cmplx.Conj(z), cmplx.Pow(2i, 2), phasor(1+1i))
	const k = 2i * 2i
	var n int = k
	var f float64 = real(3 + 4i)
	fmt.Println(k, n, f, 'a'+0i, 5+0i == 5)
	m := map[complex128]string{1i: "i", 1: "one"}
	fmt.Println(m[complex(0, 1)], m[1], len(m[2]))
	arr := [2]complex64{1, 2i}
	brr := arr
	brr[1] += 1
	fmt.Println(arr == brr, arr, brr, any(1i) == any(complex128(1i)), any(complex64(1i)) == any(1i))
	p := &arr[0]
	*p = complex(-real(*p), 0)
	fmt.Println(arr)
}
