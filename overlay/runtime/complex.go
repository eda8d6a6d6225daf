//goxide:replace package

package runtime

import "unsafe"

// Division of complex numbers, by R. L. Smith's method ("Algorithm 116: Complex division",
// Commun. ACM 5 (1962)), with the infinities of C99's annex G where that gives NaN.

const (
	signBit64 = 1 << 63
	infBits64 = 0x7FF << 52
)

func floatBits(f float64) uint64     { return *(*uint64)(unsafe.Pointer(&f)) }
func floatFromBits(b uint64) float64 { return *(*float64)(unsafe.Pointer(&b)) }
func magnitude(f float64) float64    { return floatFromBits(floatBits(f) &^ signBit64) }
func isInfinite(f float64) bool      { return floatBits(f)&^signBit64 == infBits64 }
func isFinite(f float64) bool        { return floatBits(f)&infBits64 != infBits64 }

// withSignOf gives magnitude's bits the sign of f.
func withSignOf(magnitude uint64, f float64) float64 {
	return floatFromBits(magnitude | floatBits(f)&signBit64)
}

// unitIfInfinite is ±1 for an infinity and ±0 for anything else.
func unitIfInfinite(f float64) float64 {
	if isInfinite(f) {
		return withSignOf(0x3FF<<52, f)
	}
	return withSignOf(0, f)
}

func complex128div(n, m complex128) complex128 {
	a, b, c, d := real(n), imag(n), real(m), imag(m)
	var re, im float64
	if magnitude(c) >= magnitude(d) {
		ratio := d / c
		scale := c + ratio*d
		re = (a + b*ratio) / scale
		im = (b - a*ratio) / scale
	} else {
		ratio := c / d
		scale := d + ratio*c
		re = (a*ratio + b) / scale
		im = (b*ratio - a) / scale
	}
	if re == re || im == im {
		return complex(re, im)
	}
	infinity := floatFromBits(infBits64)
	switch {
	case c == 0 && d == 0 && (a == a || b == b):
		re = withSignOf(infBits64, c) * a
		im = withSignOf(infBits64, c) * b
	case (isInfinite(a) || isInfinite(b)) && isFinite(c) && isFinite(d):
		a, b = unitIfInfinite(a), unitIfInfinite(b)
		re = infinity * (a*c + b*d)
		im = infinity * (b*c - a*d)
	case (isInfinite(c) || isInfinite(d)) && isFinite(a) && isFinite(b):
		c, d = unitIfInfinite(c), unitIfInfinite(d)
		re = 0 * (a*c + b*d)
		im = 0 * (b*c - a*d)
	}
	return complex(re, im)
}
