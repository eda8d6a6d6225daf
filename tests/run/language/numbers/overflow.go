// Integer arithmetic wraps around in every width; comparisons see the wrapped value.
package main

import "fmt"

type integer interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr
}

//go:noinline
func edges[T integer](lo, hi T) {
	fmt.Printf("%T: %v %v %v %v %v %v %v %v\n", lo, lo-1, hi+1, -lo, hi*2, hi*hi, lo*lo, ^lo, hi+hi < hi)
	lo--
	hi++
	fmt.Println(lo, hi, lo > hi, lo == hi-1)
}

//go:noinline
func hash(s string) (uint8, uint16, uint32, uint64, int8, int32) {
	var a uint8
	var b uint16
	var c uint32 = 2166136261
	var d uint64 = 14695981039346656037
	var e int8
	var f int32
	for i := range len(s) {
		a = a*31 + s[i]
		b = b*31 + uint16(s[i])
		c = (c ^ uint32(s[i])) * 16777619
		d = (d ^ uint64(s[i])) * 1099511628211
		e = e*31 + int8(s[i])
		f = f*31 + int32(s[i])
	}
	return a, b, c, d, e, f
}

//go:noinline
func compare8(a, b int8) (bool, bool, bool) { return a+b > a, a-b < a, a*b >= 0 }

//go:noinline
func average(a, b uint32) (uint32, uint32) { return (a + b) / 2, uint32((uint64(a) + uint64(b)) / 2) }

func main() {
	edges[int8](-128, 127)
	edges[int16](-32768, 32767)
	edges[int32](-1<<31, 1<<31-1)
	edges[int64](-1<<63, 1<<63-1)
	edges[int](-1<<63, 1<<63-1)
	edges[uint8](0, 255)
	edges[uint16](0, 65535)
	edges[uint32](0, 1<<32-1)
	edges[uint64](0, 1<<64-1)
	edges[uint](0, 1<<64-1)
	edges[uintptr](0, 1<<64-1)
	fmt.Println(hash("the quick brown fox jumps over the lazy dog"))
	fmt.Println(compare8(127, 1))
	fmt.Println(compare8(-128, 1))
	fmt.Println(compare8(16, 16))
	fmt.Println(average(1<<32-1, 1<<32-1))
	var i int8 = 100
	for range 5 {
		i += 50
		fmt.Print(i, " ")
	}
	for u := uint8(250); u >= 250; u++ {
		fmt.Print(u, " ")
	}
	fmt.Println()
	var m = map[uint8]int8{255: 127}
	m[255]++
	fmt.Println(m, m[255]-1, -m[255])
}
