// Integer arithmetic at its edges, with operands that the compiler does and does not know:
// the least number divided by -1, shifts by the width and more, wrapping, conversions between
// sizes and signs, from floats within range, rounding, and the errors.
package main

import (
	"fmt"
	"math"
	"math/bits"
)

type signed interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int
}
type unsigned interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint
}

//go:noinline
func hide[T any](x T) T { return x }

func edges[T signed](least T) {
	most := -(least + 1)
	m, l, one := hide(most), hide(least), hide(T(1))
	fmt.Println(m+one == l, l-one == m, -l == l, l/-one, l%-one, l*-one == l, m*m, l*l, l/hide(T(10)), l%hide(T(10)), m/hide(T(-7)), m%hide(T(-7)), ^l == m, l&-l == l)
	for _, by := range []uint{0, 1, 7, 8, 31, 32, 63, 64, 100} {
		fmt.Print(hide(most)<<hide(by), " ", hide(least)>>by, " ", hide(T(-5))>>hide(by), "; ")
	}
	fmt.Println()
}

func wraps[T unsigned](most T) {
	m, one := hide(most), hide(T(1))
	fmt.Println(m+one, one-2*one == m, -one == m, m*m, m/hide(T(7)), m%hide(T(10)), ^m, m&^one)
	for _, by := range []uint8{0, 1, 7, 8, 15, 16, 33, 64, 255} {
		fmt.Print(m<<hide(by)>>by, " ", m>>by, "; ")
	}
	fmt.Println()
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			_, isError := r.(error)
			fmt.Println(name, "panic:", r, isError)
		}
	}()
	f()
}

func main() {
	edges[int8](math.MinInt8)
	edges[int16](math.MinInt16)
	edges[int32](math.MinInt32)
	edges[int64](math.MinInt64)
	edges[int](math.MinInt)
	wraps[uint8](math.MaxUint8)
	wraps[uint16](math.MaxUint16)
	wraps[uint32](math.MaxUint32)
	wraps[uint64](math.MaxUint64)
	zero := hide(0)
	try("divide", func() { fmt.Println(1 / zero) })
	try("remainder", func() { fmt.Println(uint8(1) % uint8(zero)) })
	try("shift", func() { fmt.Println(1 << hide(-1)) })
	try("shift right", func() { fmt.Println(uint64(1) >> hide(int8(-128))) })
	try("float", func() { fmt.Println(1/float64(zero), -1/float64(zero), float64(zero)/float64(zero)) })
	try("assignment", func() { x := 5; x /= zero; fmt.Println("not reached") })
	for _, x := range []int64{0, -1, 127, 128, -129, 255, 256, 65535, 1 << 31, -1 << 31, 1<<32 + 5, -1 << 63} {
		fmt.Print(int8(x), uint8(x), int16(x), uint16(x), int32(x), uint32(x), uint64(x), float32(x), rune(x), "; ")
	}
	fmt.Println()
	for _, x := range []float64{0, -0.9, 0.999, 1.5, -1.5, 2147483647.5, -2147483648.9, 4294967295.9, 1 << 53, -1 << 62, 1e18} {
		fmt.Print(int64(x), int32(int64(x)), uint32(int64(x)), uint64(math.Abs(x)), float32(x), "; ")
	}
	fmt.Println()
	for _, x := range []uint64{1<<63 - 1, 1 << 63, 1<<63 + 1024, 1<<63 + 1025, 1<<64 - 1, 1<<53 + 1, 1<<24 + 1, 1<<60 + 1<<36} {
		fmt.Print(float64(x), float32(x), uint64(float64(x)) == x, float64(int64(x)), "; ")
	}
	fmt.Println()
	var acc uint32
	for i := uint32(1); i < 1<<20; i = i*3 + 1 {
		acc = bits.RotateLeft32(acc^i*2654435761, int(i%37)) + i>>(i&31)
	}
	hi, lo := bits.Mul64(hide(uint64(math.MaxUint64)), 12345678901)
	quo, rem := bits.Div64(hi, lo, math.MaxUint64)
	sum, carry := bits.Add64(math.MaxUint64, hide(uint64(1)), 1)
	fmt.Println(acc, hi, lo, quo, rem, sum, carry, bits.Len(0), bits.TrailingZeros64(0), bits.OnesCount8(0xa5), bits.Reverse16(1), bits.ReverseBytes32(1))
	try("bits", func() { bits.Div64(hide(uint64(5)), 0, 5) })
	var i8 int8 = 127
	i8++
	var u8 uint8
	u8--
	u16 := uint16(u8) << 8 >> 4
	i8 >>= 3
	u8 &^= 0x0f
	fmt.Println(i8, u8, u16, -7/2, -7%2, 7/-2, 7%-2, -7>>1, hide(-7)/2, hide(-7)>>1, hide(-7)&3, hide(-8)%4)
	fmt.Println(math.Float32bits(float32(hide(0.1)))+uint32(hide(1)), math.Float64bits(-0.0), math.Float64frombits(1<<63), math.Copysign(0, -1) == 0)
	fmt.Println(hide(0.1)+0.2, float32(hide(0.1))+0.2, hide(float32(16777216.0))+1, hide(1e308)*10, -hide(1e308)*10, hide(5e-324)/2)
	x, y := hide(uint8(200)), hide(uint8(100))
	fmt.Println(x+y, int(x)+int(y), x*2/2, (x+y)/2, x-y-y-1 > 0, y-x, int8(x), uint16(int8(x)), uint16(x)<<8>>8)
}
