// Forms of print and println.
//
//test:stderr
package main

type T struct{ a, b int }

func main() {
	println("hello", 1, -2, uint8(3), 1.5, 1e100, float32(0.1), true, 'x', 1+2i, complex64(1.5-2i))
	print("a", 1, 2.5, "\n")
	var s []int
	println(len(s), cap(s), s == nil)
	var e any
	println(e == nil)
	println(0.0, -0.0, 1e-7, 123456789.0, 1e21, 100000.0, 0x1p-1074)
	var p *int
	println(p == nil, uintptr(12345), int64(-1<<63), uint64(1<<64-1))
	x := 0.0
	println(1/x, -1/x, x/x)
}
