// Complex numbers: division by zero and with infinities, NaN, signed zeros, conversion between
// sizes, constants, comparison, op-assignment, printing, and as keys.
package main

import (
	"fmt"
	"math"
	"math/cmplx"
)

const (
	ci   = 2i
	cc   = (1 + 2i) * (3 - 1i)
	cr   = real(cc) + imag(cc)
	big  = 1e30 + 1e-30i
	asI  = int(real((2 + 3i) * (2 - 3i)))
	asF  = float32(5 + 0i)
	asR  = rune('a' + 0i)
	half = 1i / 2
)

type impedance complex64

func (z impedance) String() string { return fmt.Sprintf("Z(%g)", complex64(z)) }

//go:noinline
func div(a, b complex128) complex128 { return a / b }

//go:noinline
func div64(a, b complex64) complex64 { return a / b }

func show(c complex128) string { return fmt.Sprintf("%v %+.2f", c, c) }

func main() {
	inf, nan, zero := math.Inf(1), math.NaN(), 0.0
	minus := math.Copysign(0, -1)
	fmt.Println(ci*ci, cc, cr, big, asI, asF, asR, half, real(ci), imag(3))
	operands := []complex128{0, 1, complex(minus, 0), complex(inf, 0), complex(0, -inf), complex(nan, 1), complex(inf, nan), 3 + 4i}
	for _, a := range operands {
		for _, b := range operands {
			q := div(a, b)
			fmt.Print(q, " ")
			if q32 := div64(complex64(a), complex64(b)); cmplx.IsNaN(q) != cmplx.IsNaN(complex128(q32)) || cmplx.IsInf(q) != cmplx.IsInf(complex128(q32)) {
				fmt.Print("(64: ", q32, ") ")
			}
		}
		fmt.Println()
	}
	fmt.Println(complex(zero, minus), -complex(zero, minus), complex(minus, minus)*1i, 1/complex(inf, minus))
	x := 3 + 4i
	x *= x
	x /= 2i
	x += 1
	x -= complex(0, imag(x))
	x++
	x--
	fmt.Println(x, show(x), cmplx.Abs(3+4i), -x, +x, x == complex(real(x), 0), x != 13)
	var f32 float32 = 0.1
	c64 := complex(f32, 2*f32)
	fmt.Println(c64, complex128(c64), complex64(complex128(c64)) == c64, real(c64) == f32, impedance(c64), impedance(1i)*impedance(1i))
	wide := complex(1e300, 1e-300)
	fmt.Println(complex64(wide), complex64(complex(nan, inf)))
	keys := map[complex128]string{1: "one", 1i: "i", complex(minus, 0): "zero"}
	keys[complex(nan, 0)] = "nan"
	_, found := keys[complex(nan, 0)]
	fmt.Println(keys[1+0i], keys[0+1i], keys[0], found, len(keys))
	var any1, any2 any = 1 + 2i, complex64(1 + 2i)
	fmt.Println(any1 == any2, any1 == any(1+2i), any1 != any(nil))
	switch x {
	case 13 + 0i:
		fmt.Println("thirteen")
	default:
		fmt.Println("other", x)
	}
	s := []complex64{1, 2i, 3 + 3i}
	for i := range s {
		s[i] *= s[i]
	}
	p := &s[2]
	*p += complex(real(*p), 1)
	fmt.Printf("%v %T %T %8.1f|%-12.0f|%e\n", s, real(s[0]), imag(x), x, 1i, 2+3i)
	fmt.Println(cmplx.Sqrt(-1), cmplx.Exp(1i*math.Pi), cmplx.Pow(2i, 2), cmplx.Inf(), cmplx.Phase(-1))
	println(cc, half, complex64(1i))
}
