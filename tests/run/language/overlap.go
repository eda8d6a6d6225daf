// Arrays assigned to each other that overlap: all is read before anything is written.
package main

import "fmt"

//go:noinline
func f(d, s *[32]byte) { *d = *s }

//go:noinline
func g(d, s *[6]int64) { *d = *s }

func main() {
	var y [64]byte
	for i := range y {
		y[i] = byte(i)
	}
	f((*[32]byte)(y[4:36]), (*[32]byte)(y[2:34]))
	fmt.Println(y)
	for i := range y {
		y[i] = byte(i)
	}
	f((*[32]byte)(y[2:34]), (*[32]byte)(y[4:36]))
	fmt.Println(y)
	x := make([]int64, 16)
	for i := range x {
		x[i] = int64(i)
	}
	g((*[6]int64)(x[2:]), (*[6]int64)(x))
	fmt.Println(x)
}
