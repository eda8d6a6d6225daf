// Constant expressions of every kind: strings, booleans, lengths, conversions, precedence.
package main

import (
	"fmt"
	"unsafe"
)

const (
	hello  = "hello"
	joined = hello + ", " + "wörld"
	length = len(joined)
	less   = "a" < "b" && hello != joined
	either = !less || length > 3
)

const (
	raw     = `a\nb` + "a\nb"
	bytesOf = len(raw)
	letter  = 'é'
	escapes = "\a\b\f\n\r\t\v\\\"\x41\101\u00e9\U0001F600"
)

var array [length]struct{}

type pair struct {
	a int8
	b int64
}

const (
	size     = unsafe.Sizeof(pair{})
	offset   = unsafe.Offsetof(pair{}.b)
	align    = unsafe.Alignof(pair{}.a)
	ofArray  = len([5]int{}) * cap([3]string{})
	ofPtr    = len((*[7]int)(nil))
	realPart = real(complex(3, 4))
)

//go:noinline
func notConstant() [4]int { panic("evaluated") }

func main() {
	fmt.Println(joined, length, less, either, len(array))
	fmt.Println(raw, bytesOf, letter, string(letter), escapes, len(escapes))
	fmt.Println(size, offset, align, ofArray, ofPtr, realPart)
	fmt.Println(1+2*3-4/2%3, (1+2)*3, 1<<2+1, 7&3|8, 10&^2, 5^1, ^5, -(-5), +3, !true)
	fmt.Println(1 < 2 == true, "b" > "a", 3 >= 3.0, 'a' <= 97, 1.5 != 3/2)
	fmt.Println(string(rune(65)), string(rune(0x10FFFF)) == "\U0010FFFF", string(rune(-1)), []byte("é")[0])
	fmt.Println(uint8(^uint8(0)), int8(-128), int64(float32(16777216)), float32(1)/3, uint16(1<<16-1))
	var a [3]int
	p := &a
	const n = len(a)
	const m = len(p)
	fmt.Println(n, m, cap(p), len([n]int{}), len([...]string{2: "x", "y"}))
	defer func() { fmt.Println("recovered:", recover()) }()
	fmt.Println(len(notConstant()))
}
