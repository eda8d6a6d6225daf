// Matrices of generic numbers: product, power, inverse by elimination, determinants with
// fractions of big integers.
package main

import (
	"fmt"
	"math/big"
	"math/cmplx"
)

type number interface{ ~int | ~float64 | ~complex128 }
type matrix[T number] [][]T

func identity[T number](n int) matrix[T] {
	m := make(matrix[T], n)
	for i := range m {
		m[i] = make([]T, n)
		m[i][i] = 1
	}
	return m
}
func (a matrix[T]) mul(b matrix[T]) matrix[T] {
	r := make(matrix[T], len(a))
	for i := range a {
		r[i] = make([]T, len(b[0]))
		for j := range b[0] {
			for k := range b {
				r[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return r
}
func (a matrix[T]) pow(n int) matrix[T] {
	r := identity[T](len(a))
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			r = r.mul(a)
		}
		a = a.mul(a)
	}
	return r
}
func inverse(a matrix[float64]) (r matrix[float64], ok bool) {
	n := len(a)
	r = identity[float64](n)
	for c := range n {
		p := c
		for p < n && a[p][c] == 0 {
			p++
		}
		if p == n {
			return nil, false
		}
		a[c], a[p] = a[p], a[c]
		r[c], r[p] = r[p], r[c]
		f := a[c][c]
		for j := range n {
			a[c][j] /= f
			r[c][j] /= f
		}
		for i := range n {
			if f := a[i][c]; i != c {
				for j := range n {
					a[i][j] -= f * a[c][j]
					r[i][j] -= f * r[c][j]
				}
			}
		}
	}
	return r, true
}
func hilbert(n int) *big.Rat {
	m := make([][]*big.Rat, n)
	for i := range m {
		for j := range n {
			m[i] = append(m[i], big.NewRat(1, int64(i+j+1)))
		}
	}
	det := big.NewRat(1, 1)
	for c := range n {
		det.Mul(det, m[c][c])
		for i := c + 1; i < n; i++ {
			f := new(big.Rat).Quo(m[i][c], m[c][c])
			for j := range n {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(f, m[c][j]))
			}
		}
	}
	return det
}

func main() {
	fmt.Println(matrix[int]{{1, 1}, {1, 0}}.pow(80))
	fmt.Println(matrix[int]{{1, 2, 3}}.mul(matrix[int]{{1}, {2}, {3}}))
	i, ok := inverse(matrix[float64]{{0, 2}, {4, 1}})
	fmt.Println(i, ok)
	_, ok = inverse(matrix[float64]{{1, 2}, {2, 4}})
	fmt.Println(ok)
	r := matrix[complex128]{{1i, 0}, {0, -1i}}.pow(3)
	fmt.Println(r, cmplx.Abs(r[0][0]))
	fmt.Println(hilbert(4), hilbert(6))
}
