// Integer division and remainder: signs, extremes, by constants and powers of two, by -1.
package main

import "fmt"

//go:noinline
func div[T int8 | int16 | int32 | int64 | int | uint8 | uint16 | uint32 | uint64](a, b T) (T, T) {
	return a / b, a % b
}

//go:noinline
func byConstants(x int) []int {
	return []int{x / 1, x / -1, x / 2, x / -2, x / 3, x / 7, x / -7, x / 8, x / 10, x / 1000, x / 1 << 3, x % 2, x % -2, x % 8, x % 10, x % -10, x % 7, x % 1}
}

//go:noinline
func byConstantsUnsigned(x uint) []uint {
	return []uint{x / 1, x / 2, x / 3, x / 7, x / 8, x / 10, x / 1e9, x / (1<<63 + 1), x % 2, x % 8, x % 10, x % 7, x % (1 << 63)}
}

//go:noinline
func small(x int8, y uint8) (int8, int8, uint8, uint8) { return x / 3, x % 3, y / 3, y % 10 }

func main() {
	for _, a := range []int{7, -7} {
		for _, b := range []int{2, -2, 3, -3, 10, -10} {
			q, r := div(a, b)
			fmt.Println(a, b, q, r, q*b+r == a)
		}
	}
	fmt.Println(div(int8(-128), -1))
	fmt.Println(div(int16(-32768), -1))
	fmt.Println(div(int32(-1<<31), -1))
	fmt.Println(div(int64(-1<<63), -1))
	fmt.Println(div(int64(-1<<63), -1<<63))
	fmt.Println(div(uint64(1<<64-1), 1<<63))
	fmt.Println(div(uint8(255), 16))
	fmt.Println(div(uint32(1<<32-1), 65537))
	for _, x := range []int{0, 1, -1, 9, -9, 1000001, -1000001, 1<<63 - 1, -1 << 63} {
		fmt.Println(byConstants(x))
	}
	for _, x := range []uint{0, 1, 9, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
		fmt.Println(byConstantsUnsigned(x))
	}
	fmt.Println(small(-128, 255))
	fmt.Println(small(127, 128))
	x := -17
	x /= 5
	x %= 2
	fmt.Println(x)
	defer func() {
		fmt.Println(recover())
		defer func() { fmt.Println(recover()) }()
		zero := 0
		fmt.Println(5 % zero)
	}()
	zero := uint8(0)
	fmt.Println(5 / zero)
}
