// Float arithmetic with a data-dependent end: a picture of the Mandelbrot set.
package main

import "bench/measure"

func escape(cr, ci float64, limit int) int {
	var r, i float64
	for n := range limit {
		rr, ii := r*r, i*i
		if rr+ii > 4 {
			return n
		}
		r, i = rr-ii+cr, 2*r*i+ci
	}
	return limit
}

func main() {
	const size = 300
	measure.Row("mandelbrot", size*size, func() uint64 {
		var sum uint64
		for y := range size {
			for x := range size {
				n := escape(3*float64(x)/size-2, 2*float64(y)/size-1, 200)
				sum = sum*31 + uint64(n)
			}
		}
		return sum
	})
}
