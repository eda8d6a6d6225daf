// Slices of slices of floats: the product of two matrices.
package main

import (
	"math"

	"bench/measure"
)

func matrix(n int, seed float64) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = seed * float64(i-j) * float64(i+j) / float64(n)
		}
	}
	return m
}

func multiply(a, b [][]float64) [][]float64 {
	n, p := len(a), len(b[0])
	product := make([][]float64, n)
	for i := range product {
		row := make([]float64, p)
		for k, x := range a[i] {
			for j, y := range b[k] {
				row[j] += x * y
			}
		}
		product[i] = row
	}
	return product
}

func main() {
	const n = 256
	a, b := matrix(n, 1.0/n), matrix(n, 3.0/n)
	measure.Row("matmul", 1, func() uint64 {
		c := multiply(a, b)
		return math.Float64bits(c[n/2][n/3]) ^ math.Float64bits(c[1][n-1])
	})
}
