// Arithmetic that traps or wraps, shifts beyond the width, conversions, complex division, bounds:
// with operands that the compiler knows and with ones that it does not.
package main

import (
	"fmt"
	"math"
	"math/cmplx"
	"unsafe"
)

func try(what string, f func() any) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what, "panics:", r)
		}
	}()
	fmt.Println(what, f())
}

type integer interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

//go:noinline
func divide[T integer](a, b T) (q, r T, err any) {
	defer func() { err = recover() }()
	q = a / b
	r = a % b
	return
}

func divisions[T integer](values ...T) {
	for _, a := range values {
		for _, b := range values {
			q, r, err := divide(a, b)
			fmt.Print(a, "/", b, "=", q, ",", r, " ", err != nil, "; ")
		}
	}
	fmt.Println()
}

//go:noinline
func shifts[T integer, S integer](a T, s S) (l, r T, err any) {
	defer func() { err = recover() }()
	l = a << s
	r = a >> s
	return
}

func shifting() {
	for _, s := range []int8{-1, 0, 1, 7, 8, 31, 63, 64, 127} {
		fmt.Println(s)
		fmt.Println(shifts(int8(-128), s))
		fmt.Println(shifts(uint8(255), s))
		fmt.Println(shifts(int32(math.MinInt32), s))
		fmt.Println(shifts(uint64(math.MaxUint64), s))
		fmt.Println(shifts(int64(-5), uint8(s)))
	}
	var u64 uint64 = 1 << 40
	x := 1
	fmt.Println(x<<u64, x>>u64, -x>>u64, uint8(x)<<8, int16(-1)>>200, uint32(1)<<(u64&31))
	var w int64 = 1
	var f float64 = 1 << 3
	var i = 1.0 << 3
	fmt.Println(f, i, w<<1.0, 1<<x == 2, uint8(1<<x), "a"[1>>x:])
	try("negative", func() any { return 1 << -x })
	try("negative assign", func() any { y := 5; y <<= -x; return y })
	a := [...]int{1, 2, 3}
	a[x] <<= uint(x) + 1
	fmt.Println(a)
}

//go:noinline
func opaque[T any](v T) T { return v }

func conversions() {
	for _, f := range []float64{0, -1.9, 127.9, 255.5, -129, 1e10, math.MaxInt32, -2147483649} {
		fmt.Println(int64(f), int32(int64(f)), int16(int64(f)), uint8(int64(f)), int8(int64(f)))
	}
	big := opaque(int64(math.MaxInt64))
	fmt.Println(float64(big), float32(big), float64(uint64(1<<63+1025)), float32(uint64(math.MaxUint64)), float32(1<<24+1))
	fmt.Println(uint32(opaque(int32(-1))), int8(opaque(uint16(0xff80))), uint64(opaque(int8(-1))), uintptr(opaque(int32(-1))))
	fmt.Println(string(rune(opaque(0x65e5))), string(rune(opaque(-1))), string(rune(opaque(0xd800))), string(rune(opaque(0x110000))), string(rune(0)) == "\x00")
	s := opaque("a\xffé\xe6\x97日\xf4\x90\x80\x80")
	fmt.Println([]rune(s), []byte(s), len([]rune(s)), string([]rune(s)) == s)
	for i, r := range s {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println(string([]rune{65, -5, 0x10ffff, 0xdfff}), string([]byte(nil)) == "")
	type myBytes []byte
	type myRune rune
	fmt.Println(string(myBytes("x")), string([]myRune{'a', 'é'}), []myRune("日")[0], myBytes(s)[1])
	arr := [3]int(opaque([]int{1, 2, 3, 4}))
	p := (*[2]int)(opaque([]int{5, 6, 7})[1:])
	p[0] = 60
	fmt.Println(arr, *p)
	try("short slice", func() any { return [4]int(opaque([]int{1})) })
	try("short pointer", func() any { return (*[4]int)(opaque([]int{1, 2})) })
	try("nil to empty array", func() any { return (*[0]int)([]int(nil)) == nil })
	try("empty to empty array", func() any { return (*[0]int)([]int{}) == nil })
}

func complexes() {
	inf, nan := math.Inf(1), math.NaN()
	values := []complex128{0, 1, 1i, complex(inf, 0), complex(0, -inf), complex(inf, inf), complex(nan, 0), complex(nan, inf), complex(1e308, 1e308), complex(5e-324, 0), complex(math.Copysign(0, -1), 0), 3 - 4i}
	for _, a := range values {
		for _, b := range values {
			q := opaque(a) / opaque(b)
			fmt.Print(q, " ", opaque(complex64(a))/opaque(complex64(b)), " ", opaque(a)*opaque(b), "; ")
		}
		fmt.Println()
	}
	fmt.Println(cmplx.Sqrt(-1), cmplx.Pow(0, 0), cmplx.Inf() == cmplx.Inf(), cmplx.Exp(complex(0, math.Pi)))
	c := complex64(1 + 2i)
	c *= c
	c += 1
	fmt.Println(c, real(c), -c, c == 0, c != complex(float32(-2), 4))
}

func bounds() {
	n := opaque(5)
	s := make([]int, 3, 10)
	str := opaque("hello")
	var nilArr *[4]int
	try("index", func() any { return s[n] })
	try("negative", func() any { return s[opaque(-1)] })
	try("uint64", func() any { return s[opaque(uint64(math.MaxUint64))] })
	try("int8", func() any { return s[opaque(int8(-3))] })
	try("slice high", func() any { return s[:opaque(11)] })
	try("slice low", func() any { return s[n:] })
	try("slice order", func() any { return s[n:opaque(4)] })
	try("three", func() any { return s[:n:opaque(11)] })
	try("three order", func() any { return s[1:n:opaque(4)] })
	try("string", func() any { return str[n] })
	try("string slice", func() any { return str[n+1:] })
	try("string order", func() any { return str[opaque(3):opaque(2)] })
	try("array", func() any { var a [4]int; return a[n] })
	try("nil array", func() any { return nilArr[opaque(2)] })
	try("nil array len", func() any { return len(nilArr) })
	try("nil array range", func() any {
		k := 0
		for i := range nilArr {
			k += i
		}
		return k
	})
	try("nil array slice", func() any { return nilArr[:] })
	try("nil array value range", func() any {
		for range *nilArr {
		}
		for _, v := range nilArr {
			return v
		}
		return 0
	})
	try("make", func() any { return make([]int, opaque(-1)) })
	try("make cap", func() any { return make([]int, opaque(2), opaque(1)) })
	try("make huge", func() any { return make([]int64, opaque(1<<62)) })
	try("make chan", func() any { return make(chan int, opaque(-1)) })
	try("make map", func() any { return len(make(map[int]int, opaque(-1))) })
	try("unsafe.Slice", func() any { return unsafe.Slice((*int)(nil), opaque(1)) })
	try("unsafe.Slice nil", func() any { return unsafe.Slice((*int)(nil), opaque(0)) == nil })
	try("unsafe.Slice negative", func() any { return unsafe.Slice(&s[0], opaque(-1)) })
	try("unsafe.Slice huge", func() any { return unsafe.Slice(&s[0], opaque(uint64(1<<61))) })
	try("unsafe.String", func() any { return unsafe.String((*byte)(nil), opaque(3)) })
	try("unsafe.String negative", func() any { return unsafe.String(new(byte), opaque(-3)) })
	try("copy", func() any { return copy(s, []int{7, 8, 9, 10}) })
	try("copy string", func() any { b := make([]byte, 3); return fmt.Sprint(copy(b, str[1:]), b) })
	try("append self", func() any { return append(s[:1], s...) })
	try("clear", func() any { t := []int{1, 2}; clear(t[1:]); return t })
}

type recv struct{ n int }

func (r recv) value() int    { return r.n }
func (r *recv) pointer() int { return 7 }
func (r *recv) deref() int   { return r.n }

type iface interface{ value() int }

func methodValues() {
	var p *recv
	var i iface
	var q **recv
	try("pointer method of nil", func() any { f := p.pointer; return f() })
	try("deref method of nil", func() any { f := p.deref; fmt.Print("bound "); return f() })
	try("value method of nil", func() any { f := p.value; fmt.Print("bound "); return f() })
	try("interface", func() any { f := i.value; fmt.Print("bound "); return f() })
	try("nil in interface", func() any { i = p; f := i.value; fmt.Print("bound "); return f() })
	try("expression", func() any { return (*recv).value(p) })
	try("interface expression", func() any { return iface.value(nil) })
	try("double", func() any { return (*q).pointer() })
	try("nil func", func() any { var f func() int; return f() })
	try("deferred nil func", func() any { var f func(); defer f(); fmt.Print("body "); return 1 })
	try("embedded", func() any { var e struct{ *recv }; f := e.pointer; return f() })
	try("embedded value", func() any { var e struct{ *recv }; return e.value() })
	try("embedded interface", func() any { var e struct{ iface }; f := e.value; return f() })
	r := recv{1}
	f, g := r.value, r.pointer
	r.n = 2
	fmt.Println(f(), g(), r.value())
}

func main() {
	divisions[int8](-128, -1, 0, 1, 7, 127)
	divisions[uint8](0, 1, 7, 255)
	divisions[int64](math.MinInt64, -1, 0, 3, math.MaxInt64)
	divisions[int32](math.MinInt32, -1, 0, 10)
	divisions[uint64](0, 3, 1<<63, math.MaxUint64)
	shifting()
	conversions()
	complexes()
	bounds()
	methodValues()
}
