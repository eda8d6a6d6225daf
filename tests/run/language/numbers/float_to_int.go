// Conversions from floats to integers inside the ranges: toward zero, and both float sizes.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func toInts(f float64) {
	fmt.Println(f, int(f), int64(f), int32(int64(f)), int16(int64(f)))
}

//go:noinline
func toUnsigned(f float64) { fmt.Println(f, uint64(f), uint(f), uintptr(f)) }

//go:noinline
func to32(f float64) { fmt.Println(int32(f), uint32(f), int16(f), uint16(f), int8(f), uint8(f)) }

//go:noinline
func fromFloat32(f float32) { fmt.Println(f, int64(f), uint64(f), float64(f)) }

func main() {
	for _, f := range []float64{0, math.Copysign(0, -1), 0.5, 0.999999999, -0.5, -0.999999, 1.5, -1.5,
		2147483647.9, -2147483648.9, 4294967295.5, 1e15 + 0.5, -1e15 - 0.5,
		9007199254740991, 9007199254740993, 9223372036854774784, -9223372036854775808} {
		toInts(f)
	}
	for _, f := range []float64{0, 0.99, 1, 255.99, 4294967296, 9223372036854775807, 9223372036854775808,
		9223372036854777856, 18446744073709549568} {
		toUnsigned(f)
	}
	for _, f := range []float64{0, 1.9, 100.5, 127} {
		to32(f)
	}
	for _, f := range []float32{0, 0.1, 1.5, 16777216, 16777217, 1e10, 9223371487098961920} {
		fromFloat32(f)
	}
	ints := []int64{0, 1, -1, 1 << 53, 1<<53 + 1, 1<<62 + 1, math.MaxInt64, math.MinInt64}
	for _, i := range ints {
		fmt.Println(i, float64(i), float32(i), int64(float64(i/2)))
	}
	for _, u := range []uint64{0, 1, 1<<53 + 1, 1 << 63, 1<<63 + 1024, 1<<63 + 1025, math.MaxUint64 - 1024, math.MaxUint64} {
		fmt.Printf("%d %.0f %.0f\n", u, float64(u), float32(u))
	}
	for _, u := range []uint32{0, 1<<24 + 1, math.MaxUint32} {
		fmt.Printf("%d %.0f %.0f\n", u, float64(u), float32(u))
	}
}
