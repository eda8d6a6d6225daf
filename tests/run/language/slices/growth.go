// The capacities that append and conversions give: gc's growth rule and size classes are
// what programs see through cap.
package main

import "fmt"

// sink keeps slices on the heap: on a stack gc begins with another capacity.
var sink any

func grow[T any](name string, limit int) {
	var s []T
	last := -1
	fmt.Print(name, ":")
	for len(s) < limit {
		var zero T
		s = append(s, zero)
		sink = s
		if cap(s) != last {
			last = cap(s)
			fmt.Print(" ", last)
		}
	}
	fmt.Println()
}

func caps(n int) (int, int, int, int) {
	a, b := append([]int(nil), make([]int, n)...), append(make([]int, 5), make([]int, n)...)
	c, d := append([]byte{1}, make([]byte, n)...), append([]*int{nil}, make([]*int, n)...)
	sink = []any{a, b, c, d}
	return cap(a), cap(b), cap(c), cap(d)
}

func main() {
	grow[byte]("byte", 5000)
	grow[int16]("int16", 5000)
	grow[int32]("int32", 5000)
	grow[int]("int", 5000)
	grow[string]("string", 2000)
	grow[[3]int]("[3]int", 2000)
	grow[[5]byte]("[5]byte", 2000)
	grow[*int]("*int", 2000)
	grow[any]("any", 1000)
	grow[struct {
		a string
		b []int
	}]("struct", 500)
	for _, n := range []int{1, 2, 3, 5, 7, 9, 17, 33, 100, 255, 256, 257, 1000, 3000} {
		fmt.Print(n, ": ")
		fmt.Print(caps(n))
		fmt.Print("; ")
	}
	fmt.Println()
	type empty struct{}
	var zs []empty
	for range 5 {
		zs = append(zs, empty{})
	}
	fmt.Println(len(zs), cap(zs) >= 5)
}
