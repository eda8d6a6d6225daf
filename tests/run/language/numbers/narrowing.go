// Conversions between integer types: truncation, sign extension, reinterpretation.
package main

import "fmt"

//go:noinline
func all(x int64) {
	fmt.Println(x, int8(x), int16(x), int32(x), int(x), uint8(x), uint16(x), uint32(x), uint64(x), uintptr(x))
}

//go:noinline
func fromUnsigned(x uint64) {
	fmt.Println(x, int8(x), int16(x), int32(x), int64(x), uint8(x), uint16(x), uint32(x))
}

//go:noinline
func small(a int8, b uint8, c int16, d uint16) {
	fmt.Println(int64(a), uint64(a), int16(a), uint16(a), uint8(a), uint32(a))
	fmt.Println(int64(b), uint64(b), int16(b), uint16(b), int8(b), int32(b))
	fmt.Println(int64(c), uint64(c), int8(c), uint8(c), uint16(c), uint32(c))
	fmt.Println(int64(d), uint64(d), int8(d), uint8(d), int16(d), int32(d))
}

type celsius int16
type flags uint8

func chain(x int) int { return int(uint8(int16(uint32(int8(x))))) }

func main() {
	for _, x := range []int64{0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769,
		1<<31 - 1, 1 << 31, -1 << 31, -1<<31 - 1, 1<<32 - 1, 1 << 32, 1<<63 - 1, -1 << 63} {
		all(x)
	}
	for _, x := range []uint64{0, 1<<63 - 1, 1 << 63, 1<<64 - 1, 0xdeadbeefcafebabe} {
		fromUnsigned(x)
	}
	small(-1, 255, -1, 65535)
	small(-128, 128, -32768, 32768)
	small(127, 127, 32767, 32767)
	for _, x := range []int{-1, 1, 127, 128, 255, 256, -128, -200} {
		fmt.Print(chain(x), " ")
	}
	fmt.Println()
	c := celsius(-40)
	fmt.Println(flags(c), int8(c), celsius(flags(200)), celsius(int8(flags(c))))
	var total int
	for i := range 1000 {
		total += int(int8(i)) + int(uint8(i*3))
	}
	fmt.Println(total)
}
