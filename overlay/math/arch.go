package math

import _ "unsafe" // for linkname

// What gc has in amd64 assembly. Results are the same to the last bit: Exp and Log follow
// the assembly's formulas, which differ from the portable ones; for the rest the portable
// bodies agree.

func archFloor(x float64) float64    { return floor(x) }
func archCeil(x float64) float64     { return ceil(x) }
func archTrunc(x float64) float64    { return trunc(x) }
func archMax(x, y float64) float64   { return max(x, y) }
func archMin(x, y float64) float64   { return min(x, y) }
func archHypot(p, q float64) float64 { return hypot(p, q) }

//go:linkname runtime_exp_series runtime.exp_series
func runtime_exp_series(x, n uint64) uint64

// archExp is e**x by the method of N. Shibata, "Efficient evaluation methods of elementary
// functions suitable for SIMD computation" (ISC 2010): x = n·ln 2 + 16·r, a Taylor series
// of degree 9 for e**r − 1, then four squarings in the form y → y·(y + 2). gc uses fused
// operations if the CPU has them, and so does this.
func archExp(x float64) float64 {
	const (
		overflow  = 7.09782712893384e+02
		log2e     = 1.4426950408889634073599246810018920
		ln2Upper  = 0.69314718055966295651160180568695068359375
		ln2Lower  = 0.28235290563031577122588448175013436025525412068e-12
		smallestN = -1 << 31
	)
	switch {
	case IsNaN(x) || IsInf(x, 1):
		return x
	case IsInf(x, -1):
		return 0
	case x > overflow:
		return Inf(1)
	}
	n := RoundToEven(x * log2e)
	if n <= smallestN {
		return 0
	}
	var y float64
	if useFMA {
		// With one rounding for each multiplication and addition.
		y = Float64frombits(runtime_exp_series(Float64bits(x), Float64bits(n)))
	} else {
		hi := n * ln2Upper
		lo := n * ln2Lower
		y = expSeries((x - hi - lo) * 0.0625)
	}
	return scaleExp(y, int(n))
}

var expTaylor = [...]float64{
	2.4801587301587301587e-5, // 1/8!
	1.9841269841269841270e-4,
	1.3888888888888888889e-3,
	8.3333333333333333333e-3,
	4.1666666666666666667e-2,
	1.6666666666666666667e-1,
	0.5,
	1.0,
}

// expSeries is e**(16·r).
func expSeries(r float64) float64 {
	p := expTaylor[0]
	for _, c := range expTaylor[1:] {
		p *= r
		p += c
	}
	y := r * p
	for range 4 {
		y *= y + 2
	}
	return y + 1
}

// scaleExp is y·2**n, in two steps where the result is subnormal.
func scaleExp(y float64, n int) float64 {
	const bias = 1023
	biased := n + bias
	switch {
	case biased >= 2*bias+1:
		return Inf(1)
	case biased > 0:
		return y * Float64frombits(uint64(biased)<<52)
	case biased < -52:
		return 0
	}
	return y * Float64frombits(uint64(biased+bias-1)<<52) * Float64frombits(1<<52)
}

// archLog is FreeBSD's e_log.c, as the portable body, but takes the exponent from the bits
// without normalising: subnormal arguments give what gc gives for them on amd64.
func archLog(x float64) float64 {
	const (
		ln2Hi     = 6.93147180369123816490e-01
		ln2Lo     = 1.90821492927058770002e-10
		l1        = 6.666666666666735130e-01
		l2        = 3.999999999940941908e-01
		l3        = 2.857142874366239149e-01
		l4        = 2.222219843214978396e-01
		l5        = 1.818357216161805012e-01
		l6        = 1.531383769920937332e-01
		l7        = 1.479819860511658591e-01
		halfSqrt2 = 7.07106781186547524401e-01
	)
	bits := Float64bits(x)
	switch {
	case bits<<1 == 0:
		return Inf(-1)
	case bits>>63 != 0:
		return Float64frombits(0x7FF8000000000001)
	case bits >= 0x7FF0000000000000:
		return x
	}
	f := Float64frombits(bits&(1<<52-1) | 0x3FE0000000000000)
	k := float64(int(bits>>52) - 0x3FE)
	if !(halfSqrt2 < f) {
		k--
		f *= 2
	}
	f--
	s := f / (2 + f)
	s2 := s * s
	s4 := s2 * s2
	t1 := s2 * (((l7*s4+l5)*s4+l3)*s4 + l1)
	t2 := s4 * ((l6*s4+l4)*s4 + l2)
	r := t2 + t1
	half := 0.5 * f * f
	return k*ln2Hi - ((half - (s*(half+r) + k*ln2Lo)) - f)
}
