// math/bits: all functions against simple definitions, and the panics.
package main

import (
	"fmt"
	"math/bits"
)

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	x := uint64(0x9e3779b97f4a7c15)
	var h uint64
	mix := func(v uint64) { h = (h ^ v) * 1099511628211 }
	for i := range 3000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		y := x >> (i % 64)
		mix(uint64(bits.LeadingZeros64(y)))
		mix(uint64(bits.LeadingZeros32(uint32(y))))
		mix(uint64(bits.LeadingZeros16(uint16(y))))
		mix(uint64(bits.LeadingZeros8(uint8(y))))
		mix(uint64(bits.TrailingZeros64(y << (i % 60))))
		mix(uint64(bits.TrailingZeros32(uint32(y) << (i % 33))))
		mix(uint64(bits.TrailingZeros16(uint16(y))))
		mix(uint64(bits.TrailingZeros8(uint8(y))))
		mix(uint64(bits.OnesCount64(y) + bits.OnesCount32(uint32(y))<<8 + bits.OnesCount16(uint16(y))<<16 + bits.OnesCount8(uint8(y))<<24))
		mix(uint64(bits.Len64(y) + bits.Len32(uint32(y))<<8 + bits.Len16(uint16(y))<<16 + bits.Len8(uint8(y))<<24))
		mix(bits.Reverse64(y))
		mix(uint64(bits.Reverse32(uint32(y))))
		mix(uint64(bits.Reverse16(uint16(y))))
		mix(uint64(bits.Reverse8(uint8(y))))
		mix(bits.ReverseBytes64(y))
		mix(uint64(bits.ReverseBytes32(uint32(y))))
		mix(uint64(bits.ReverseBytes16(uint16(y))))
		mix(bits.RotateLeft64(y, i-1500))
		mix(uint64(bits.RotateLeft32(uint32(y), i)))
		mix(uint64(bits.RotateLeft16(uint16(y), -i)))
		mix(uint64(bits.RotateLeft8(uint8(y), i)))
		s, c := bits.Add64(x, y, uint64(i&1))
		mix(s + c)
		d, b := bits.Sub64(y, x, uint64(i&1))
		mix(d + b)
		hi, lo := bits.Mul64(x, y)
		mix(hi)
		mix(lo)
		s32, c32 := bits.Add32(uint32(x), uint32(y), uint32(i&1))
		mix(uint64(s32 + c32))
		d32, b32 := bits.Sub32(uint32(y), uint32(x), uint32(i&1))
		mix(uint64(d32 + b32))
		h32, l32 := bits.Mul32(uint32(x), uint32(y))
		mix(uint64(h32)<<32 | uint64(l32))
		if y != 0 {
			q, r := bits.Div64(hi%y, lo, y)
			mix(q ^ r)
			mix(bits.Rem64(hi, lo, y))
		}
		if z := uint32(y) | 1; z != 0 {
			q, r := bits.Div32(h32%z, l32, z)
			mix(uint64(q ^ r))
			mix(uint64(bits.Rem32(h32, l32, z)))
		}
	}
	fmt.Printf("%x\n", h)
	fmt.Println(bits.LeadingZeros(0), bits.TrailingZeros(0), bits.LeadingZeros8(0), bits.TrailingZeros16(0), bits.Len(0), bits.UintSize, bits.TrailingZeros8(0), bits.TrailingZeros32(0))
	fmt.Println(bits.Add(1, 2, 1))
	fmt.Println(bits.Sub(1, 2, 1))
	fmt.Println(bits.Mul(1<<63, 6))
	fmt.Println(bits.Div(1, 0, 2))
	try(func() { bits.Div64(5, 0, 5) })
	try(func() { bits.Div64(0, 1, 0) })
	try(func() { bits.Div32(9, 0, 3) })
	try(func() { bits.Rem(0, 1, 0) })
}
