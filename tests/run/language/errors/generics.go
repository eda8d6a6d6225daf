//test:nobuild

// Type arguments that do not satisfy constraints, cannot be inferred, are too many.
package main

import "fmt"

type number interface{ ~int | ~float64 }
type list[T comparable] struct{ v T }

func sum[T number](ts ...T) (s T) { return }
func make2[A, B any](a A) (b B)   { return }
func eq[T comparable](a, b T) bool { return a == b }
func add[T any](a, b T) T          { return a + b }

type recursive[T any] struct{ f *recursive[recursive[T]] }

func main() {
	fmt.Println(sum("a"), sum[string]())
	make2(1)
	eq([]int{}, nil)
	eq(1, "x")
	var l list[func()]
	var m list
	var n list[int, int]
	var x number
	fmt.Println(l, m, n, x)
}
