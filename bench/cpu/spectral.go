// Float loops with a division and a function passed as a value: the spectral norm.
package main

import (
	"math"

	"bench/measure"
)

func element(i, j int) float64 {
	return 1 / float64((i+j)*(i+j+1)/2+i+1)
}

func times(v, out []float64, at func(i, j int) float64) {
	for i := range out {
		sum := 0.0
		for j, x := range v {
			sum += at(i, j) * x
		}
		out[i] = sum
	}
}

func timesBoth(v, out, middle []float64) {
	times(v, middle, element)
	times(middle, out, func(i, j int) float64 { return element(j, i) })
}

func norm(n int) float64 {
	u, v, middle := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range u {
		u[i] = 1
	}
	for range 10 {
		timesBoth(u, v, middle)
		timesBoth(v, u, middle)
	}
	var uv, vv float64
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	return math.Sqrt(uv / vv)
}

func main() {
	measure.Row("spectral norm", 1, func() uint64 { return math.Float64bits(norm(400)) })
}
