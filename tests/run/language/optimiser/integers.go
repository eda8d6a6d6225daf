// Identities an optimiser may use, at the edges where they fail: checked against the same
// arithmetic on values it cannot know.
package main

import "fmt"

//go:noinline
func hide[T any](x T) T { return x }

type integer interface {
	int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64
}

func constants[T integer](x T) []T {
	return []T{x * 2, x * 3, x * 8, x * 100, x / 2, x / 3, x / 5, x / 7, x / 10, x / 100, x % 2, x % 3, x % 8, x % 10, x % 100,
		x << 1 >> 1, x >> 1 << 1, x - x, x ^ x, x | x, x & x, x &^ x, -x, ^x + 1, x*0 + 1, x + x - x}
}

func hidden[T integer](x T) []T {
	c := func(k int) T { return hide(T(k)) }
	n := hide(uint(1))
	return []T{x * c(2), x * c(3), x * c(8), x * c(100), x / c(2), x / c(3), x / c(5), x / c(7), x / c(10), x / c(100), x % c(2), x % c(3), x % c(8), x % c(10), x % c(100),
		x << n >> n, x >> n << n, hide(x) - hide(x), hide(x) ^ hide(x), hide(x) | x, hide(x) & x, hide(x) &^ x, hide(T(0)) - x, ^hide(x) + c(1), x*c(0) + c(1), hide(x+x) - x}
}

func check[T integer](name string, xs ...T) {
	sum, bad := uint64(0), 0
	for _, x := range xs {
		a, b := constants(x), hidden(x)
		for i := range a {
			if a[i] != b[i] {
				bad++
				fmt.Println(name, "differs", x, i, a[i], b[i])
			}
			sum = sum*31 + uint64(a[i])
		}
	}
	fmt.Println(name, bad, sum)
}

func all[T integer](from, to int) (xs []T) {
	for i := from; i <= to; i++ {
		xs = append(xs, T(i))
	}
	return
}

//go:noinline
func compares(x int, u uint) []bool {
	return []bool{x+1 > x, x-1 < x, x < 0 || x >= 0, uint(x) < 10, x >= 0 && x < 10, u-1 < 5, u >= 1 && u <= 5, x*2 == x+x,
		x/2*2 == x, -x < 0, x != -x, x&1 == 0, x%2 == 0, int8(x) == int8(x+256), int32(x) >= 0, u>>63 == 1, x>>63 == -1,
		!(x > 3) == (x <= 3), x == 3 || x == 5, x < 3 && x < 7, x > 3 || x > 7, uint8(x) < 200, int16(x)+1 < int16(x)}
}

func main() {
	check("int8", all[int8](-128, 127)...)
	check("uint8", all[uint8](0, 255)...)
	check("int16", append(all[int16](-300, 300), -32768, -32767, 32767, 10922, 21845)...)
	check("uint16", append(all[uint16](0, 300), 65535, 32768, 43690)...)
	check[int32]("int32", 0, 1, -1, 7, -7, 1<<31-1, -1<<31, -1<<31+1, 715827883, 1000000007, -99)
	check[uint32]("uint32", 0, 1, 7, 1<<31, 1<<32-1, 2863311531, 1000000007)
	check[int64]("int64", 0, 1, -1, 7, -7, 1<<63-1, -1<<63, -1<<63+1, 3074457345618258603, 1<<32, -1<<32-1)
	check[uint64]("uint64", 0, 1, 7, 1<<63, 1<<64-1, 12297829382473034411, 1<<32-1)
	for _, x := range []int{0, 1, -1, 3, 5, 9, 10, 255, 256, -1 << 63, 1<<63 - 1, 1<<31 - 1, 1 << 31, 32767} {
		for _, b := range compares(hide(x), uint(x)) {
			fmt.Print(map[bool]int{true: 1}[b])
		}
		fmt.Println()
	}
}
