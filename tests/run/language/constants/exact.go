// Constants are exact: far beyond any type, in fractions, through shifts and conversions, with
// iota in expressions, typed ones at the edge of their types, and what becomes of them.
package main

import (
	"fmt"
	"math"
)

const (
	huge     = 1 << 500
	more     = huge >> 20 * 8
	one      = huge >> 499 / 2
	third    = 1.0 / 3
	exact    = third * 3
	tiny     = 1e-1000 * 1e1000
	mersenne = 1<<127 - 1
	low      = mersenne % 1_000_000_007
	high     = mersenne >> 64 & math.MaxUint64
	neg      = -7 / 2
	rem      = -7 % 3
	shifted  = -8 >> 1
	flipped  = ^0
	masked   = 0xff &^ 0x0f
	hexf     = 0x1.8p3
	runes    = 'z' - 'a' + 1
	mixed    = 'a' * 1.0
	str      = "con" + "stant" + `\n`
	length   = len(str) + len([...]int{9: 1}) + cap([5]struct{}{})
	cmp1     = huge > huge-1 && third*3 == 1.0 && "a" < "b"
	pi1000   = math.Pi * 1e1000 / 1e998
	round    = 0.1 + 0.2 - 0.3
)

const (
	_  = iota
	kb = 1 << (10 * iota)
	mb
	_
	tb
)
const (
	a, b = iota, -iota * 2.5
	c, d
	_, _
	e, f = "e", iota
	g, h
)

type weekday uint8

const (
	sun weekday = iota + 250
	mon
	fri = (iota + sun) / 4
	sat
)

const (
	maxU  = ^uint32(0)
	minI  = -1 << 63
	i64   = int64(minI)
	u8    = uint8(255)
	inv   = ^u8
	wrap  = u8 - 255
	f32   = float32(16777217)
	dur   = 3 * second / 2
	shift = uint8(1) << 7
)

type duration int64

const second duration = 1000

func main() {
	fmt.Println(one, exact, exact == 1, tiny, low, uint64(high), neg, rem, shifted, flipped, masked, hexf)
	fmt.Println(runes, mixed, str, length, cmp1, pi1000, round, round == 0)
	fmt.Printf("%T %T %T %T %T %T\n", runes, mixed, hexf, third, one, length)
	fmt.Println(kb, mb, tb, a, b, c, d, e, f, g, h)
	fmt.Println(sun, mon, fri, sat, maxU, i64, inv, wrap, f32, dur, shift)
	var s uint = 70
	var w int64 = 1 << 3
	n := 1.0 << 3
	fmt.Printf("%T %v %v %v\n", n, n, 1<<s == 0, int32(1)<<s)
	var u8v = uint8(1) << (s - 63)
	var fl float64 = 1 << 10
	var sh = []int{1 << 2: 1 << 3}
	fmt.Println(w>>1, u8v, fl, sh, uint64(1<<63)>>s, w<<s>>s, -1>>s)
	const typed int8 = -128
	v := typed
	fmt.Println(-v, v/-1, v-1, ^v, typed/2, v == -v)
	fmt.Println(math.MaxUint64/3.0, float32(0.1), 0.1, float64(float32(0.1)), 1e23, 5e-324, math.SmallestNonzeroFloat64/1)
	fmt.Println('\x41', '\u00e9', "\xff"[0], len("\u00e9"), "日本"[3:], string(rune(0x65e5)), '\'', "\"\a"[1])
	fmt.Println(0b1010, 0o17, 017, 0x_ff, 1_000.5e-2, 0x1p-2, 1e3 == 1000, 07.5, 0i, 0x10i)
	switch x := 300; {
	case x > 1<<8 && x < mersenne>>100:
		fmt.Println("between")
	}
	fmt.Println(uint8(len(str)*10), int8(math.MinInt8), uint16(1<<16-1), complex64(1<<24+1), float32(1<<24+1) == 1<<24)
}
