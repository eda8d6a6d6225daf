package main

import (
	"fmt"
	"math"
	"math/bits"
	"unsafe"
)

//go:noinline
func id[T any](x T) T { return x }

func main() {
	var i8 int8 = id(int8(127))
	i8++
	var u8 uint8 = id(uint8(0))
	u8--
	fmt.Println(i8, u8, -id(int8(-128)), id(math.MinInt64)/id(-1), id(math.MinInt64)%id(-1))
	fmt.Println(id(-7)/id(2), id(-7)%id(2), id(7)/id(-2), id(7)%id(-2), id(uint(7))/id(uint(2)))
	for _, n := range []uint{0, 1, 31, 32, 63, 64, 200} {
		fmt.Print(id(int32(-5))<<n, " ", id(int32(-5))>>n, " ", id(uint32(5))<<n, " ", id(uint64(1))<<n, " ")
	}
	fmt.Println()
	fmt.Println(id(0xF0)&^id(0x30), id(6)^id(3), ^id(5), id(12)&id(10), id(12)|id(3))
	f := id(1e100)
	fmt.Println(int64(id(1.9)), int64(id(-1.9)), uint8(int(id(300.7))), float32(id(0.1)), f*f, -f*f*1e200)
	nan := math.NaN()
	fmt.Println(nan == nan, nan < 1, nan != nan, math.Inf(1) > f, max(1, nan), min(nan, 1))
	var z float64
	fmt.Println(1/z, -1/z, z/z, math.Copysign(0, -1), 1/math.Copysign(0, -1))
	c := id(complex(1, 2))
	fmt.Println(c*c, c/complex(0, 1), real(c), imag(c), c == complex(1, 2), -c)
	const big = 1 << 100
	fmt.Println(big>>98, float64(big), 'a'+1, "s"+"t", 7.0/2, 7/2)
	fmt.Println(bits.LeadingZeros64(id(uint64(1))), bits.TrailingZeros32(id(uint32(8))), bits.OnesCount(id(uint(255))), bits.Reverse8(id(uint8(1))), bits.RotateLeft32(id(uint32(1)), -1))
	hi, lo := bits.Mul64(id(uint64(math.MaxUint64)), 3)
	q, r := bits.Div64(1, 5, id(uint64(7)))
	sum, carry := bits.Add64(id(uint64(math.MaxUint64)), 1, 0)
	fmt.Println(hi, lo, q, r, sum, carry)
	fmt.Println(math.Sqrt(id(2.0)), math.Floor(id(-1.5)), math.Round(id(2.5)), math.RoundToEven(id(2.5)), math.Trunc(id(-1.7)), math.Abs(id(-3.0)))
	fmt.Println(math.Exp(id(1.0)), math.Log(id(10.0)), math.Sin(id(1.0)), math.Pow(id(2.0), 0.5), math.Mod(id(7.0), 3))
	type mixed struct {
		a bool
		b int64
		c uint16
		d string
		e []int
		f any
	}
	fmt.Println(unsafe.Sizeof(mixed{}), unsafe.Offsetof(mixed{}.c), unsafe.Alignof(mixed{}.b))
	fmt.Println(uint32(id(int8(-1))), int16(id(uint32(70000))), string(rune(id(0x4e16))), []byte("é"), []rune("é"))
	fmt.Printf("%08b %x %o %e %g %q %U %c\n", 5, 255, 8, 12345.678, 1e21, "a\n", 0x4e16, 'x')
	for _, x := range []float64{0.1, 1e-7, 123456789, 1e20, 1e21, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		fmt.Print(x, " ", float32(x), " ")
	}
	fmt.Println()
}
