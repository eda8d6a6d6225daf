// print and println, which write to standard error: shown through a child process.
package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"unsafe"
)

type myString string
type myFloat float32
type iface interface{ M() }
type impl struct{}

func (impl) M() {}

func child() {
	println()
	print()
	print("a", 1, 2, "b", true, '\n', "\n")
	println("a", 1, 2, "b", true, 'x')
	println(1, int8(-128), uint8(255), int64(math.MinInt64), uint64(math.MaxUint64), uintptr(1<<63))
	println(0.0, math.Copysign(0, -1), 1.0, -1.5, 100.0, 1e100, 1e-100, 123456789.0, 0.1, 2.0/3)
	println(math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64, float32(0.1), float32(math.MaxFloat32), myFloat(16777216))
	println(1i, complex(1, -2), complex64(complex(float32(0.5), float32(math.Inf(-1)))), complex(math.NaN(), 0))
	println(myString("named"), "", "tab\t", "unicode é 日本", "\x00\xff")
	println(nil == any(nil), !true)
	var p *int
	var m map[int]int
	var c chan int
	var f func()
	var s []int
	var e any
	var i iface
	var u unsafe.Pointer
	println(p, m, c, f, s, e, i, u)
	println(make([]int, 3, 5)[1:], make(map[int]int) != nil)
	println(e == nil, any(3) != nil, i)
	const big = 1 << 62
	println(big, big>>3, 'a'+1, "const"+"ant", 1<<3 == 8.0)
	print(1, "\n", 2.5, "\n", "x", "y", "\n")
	println(len("abc"), cap(s), min(1, 2.5), max("a", "b"))
	x, y := 1, 2
	println(x+y, x == y, &x != &y)
	println(func() int { println("inner"); return 1 }(), 2)
	defer println("deferred", x)
	x = 100
	go print()
	println(-0.0, 1e21, 1e20, 123456.0, 1e6, 9.999999e5, 1.0e-5, 12345678.9)
	println(float32(1)/3, float32(1e10), 5e-324)
	println(any("boxed") == any("boxed"))
}

func main() {
	if len(os.Args) > 1 {
		child()
		return
	}
	command := exec.Command("/proc/self/exe", "child")
	out, err := command.CombinedOutput()
	addresses := regexp.MustCompile(`0x[0-9a-f]{5,}`)
	fmt.Printf("%s%v\n", addresses.ReplaceAllString(string(out), "0xADDRESS"), err)
}
