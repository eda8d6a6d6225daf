// Shifts: counts at and beyond the width, signed and unsigned operands, count types,
// negative counts, untyped operands whose type comes from the context.
package main

import "fmt"

//go:noinline
func left(x int32, u uint32, n uint) (int32, uint32) { return x << n, u << n }

//go:noinline
func right(x int32, u uint32, n uint) (int32, uint32) { return x >> n, u >> n }

//go:noinline
func bytes(x int8, u uint8, n uint8) (int8, uint8, int8, uint8) {
	return x << n, u << n, x >> n, u >> n
}

//go:noinline
func wide(x int64, u uint64, n uint64) (int64, uint64, int64, uint64) {
	return x << n, u << n, x >> n, u >> n
}

//go:noinline
func signedCount(x, n int) (r int, err any) {
	defer func() { err = recover() }()
	return x << n, nil
}

func main() {
	for _, n := range []uint{0, 1, 15, 31, 32, 33, 63, 64, 1 << 40} {
		fmt.Print(n, ": ")
		fmt.Print(left(-3, 0x80000003, n))
		fmt.Print(" ")
		fmt.Println(right(-3, 0x80000003, n))
	}
	for _, n := range []uint8{0, 1, 7, 8, 9, 255} {
		fmt.Println(bytes(-77, 179, n))
	}
	for _, n := range []uint64{0, 1, 62, 63, 64, 65, 1<<64 - 1} {
		fmt.Println(wide(-5, 1<<63+5, n))
	}
	for _, n := range []int{0, 63, 64, -1, -1 << 63} {
		fmt.Println(signedCount(1, n))
	}
	var s uint = 33
	var i = 1 << s
	var j int32 = 1 << s
	var k = uint64(1 << s)
	var w int64 = 1.0 << 33
	var u = make([]byte, 1<<(s-30))
	fmt.Println(i, j, k, w, len(u), 1<<s == 2<<s-1<<s, uint8(1)<<s>>s)
	x := uint8(200)
	x <<= 1
	x >>= 2
	x |= 1 << 7
	fmt.Println(x, x<<1>>1, uint8(x<<1)>>1, ^x, -x)
	var total int
	for n := range 70 {
		total += 1 << n & 0xff
		total ^= -1 >> n
	}
	fmt.Println(total)
	const c = 1 << 100 >> 98
	fmt.Println(c, -1>>5, uint16(1)<<15, int8(-1)<<7)
}
