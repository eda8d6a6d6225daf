// Bitwise operators on all widths, and-not, precedence, math/bits, masks.
package main

import (
	"fmt"
	"math/bits"
)

//go:noinline
func ops[T ~int8 | ~uint8 | ~int32 | ~uint32 | ~int64 | ~uint64](a, b T) []T {
	return []T{a & b, a | b, a ^ b, a &^ b, ^a, b &^ a, a & -a, a & (a - 1)}
}

//go:noinline
func bitsOf(x uint64) []int {
	return []int{bits.LeadingZeros64(x), bits.TrailingZeros64(x), bits.OnesCount64(x), bits.Len64(x),
		bits.LeadingZeros32(uint32(x)), bits.TrailingZeros32(uint32(x)), bits.OnesCount8(uint8(x)), bits.Len16(uint16(x))}
}

func reverse(x uint64, n int) uint64 {
	return bits.ReverseBytes64(bits.Reverse64(x)) ^ bits.RotateLeft64(x, n) ^ bits.RotateLeft64(x, -n)
}

func main() {
	fmt.Println(ops[int8](-86, 0x5a))
	fmt.Println(ops[uint8](170, 0x5a))
	fmt.Println(ops[int32](-0x12345678, 0x0ff0f00f))
	fmt.Println(ops[uint32](0x12345678, 0x0ff0f00f))
	fmt.Println(ops[int64](-0x123456789abcdef, 0xff00ff00ff00ff))
	fmt.Println(ops[uint64](0xfedcba9876543210, 0xff00ff00ff00ff))
	for _, x := range []uint64{0, 1, 0x80, 0x8000, 1 << 31, 1 << 32, 1 << 63, 1<<64 - 1, 0x0123456789abcdef} {
		fmt.Println(bitsOf(x), reverse(x, 7))
	}
	fmt.Println(1|2^3&4&^5<<1, 6&3 == 2, 1+2<<3, -1&0xff, ^0, ^uint8(5), -5%3&1)
	x := 0b1111_0000
	x &= 0b1010_1010
	x |= 0o17
	x ^= 0xff
	x &^= 0b11
	x <<= 2
	fmt.Printf("%b %o %x %#b %#o %#x %O\n", x, x, x, x, x, x, x)
	hi, lo := bits.Mul64(1<<63+3, 1<<62+5)
	sum, carry := bits.Add64(1<<63, 1<<63, 1)
	diff, borrow := bits.Sub64(0, 1, 1)
	q, r := bits.Div64(5, 17, 1<<40)
	fmt.Println(hi, lo, sum, carry, diff, borrow, q, r)
	for _, f := range []func(){func() { bits.Div64(1, 0, 0) }, func() { bits.Div64(2, 0, 2) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
	const all = ^uint16(0)
	fmt.Println(all, ^all, all>>4, uint8(all&0xff))
}
