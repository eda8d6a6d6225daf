// Sizes, offsets and alignments of structs, also empty ones and trailing empty fields.
package main

import (
	"fmt"
	"unsafe"
)

type (
	e0 struct{}
	e1 struct {
		a int32
		b struct{}
	}
	e2 struct {
		a struct{}
		b int32
	}
	mix struct {
		a bool
		b int64
		c bool
		d int16
		e int32
		f bool
		g string
		h []int
		i any
		j complex64
		k [3]byte
		l float32
		m func()
		n map[int]int
		o chan int
		p complex128
		q uintptr
		r [0]int64
	}
	nested struct {
		a byte
		b mix
		c [2]e1
		d byte
	}
)

func main() {
	fmt.Println(unsafe.Sizeof(e0{}), unsafe.Sizeof(e1{}), unsafe.Sizeof(e2{}), unsafe.Sizeof([3]e1{}), unsafe.Alignof(e1{}))
	var m mix
	fmt.Println(unsafe.Sizeof(m), unsafe.Alignof(m))
	fmt.Println(unsafe.Offsetof(m.a), unsafe.Offsetof(m.b), unsafe.Offsetof(m.c), unsafe.Offsetof(m.d), unsafe.Offsetof(m.e), unsafe.Offsetof(m.f),
		unsafe.Offsetof(m.g), unsafe.Offsetof(m.h), unsafe.Offsetof(m.i), unsafe.Offsetof(m.j), unsafe.Offsetof(m.k), unsafe.Offsetof(m.l),
		unsafe.Offsetof(m.m), unsafe.Offsetof(m.n), unsafe.Offsetof(m.o), unsafe.Offsetof(m.p), unsafe.Offsetof(m.q), unsafe.Offsetof(m.r))
	var n nested
	fmt.Println(unsafe.Sizeof(n), unsafe.Offsetof(n.b), unsafe.Offsetof(n.c), unsafe.Offsetof(n.d), unsafe.Offsetof(n.b.k))
	fmt.Println(unsafe.Sizeof(""), unsafe.Sizeof([]int{}), unsafe.Sizeof(any(1)), unsafe.Sizeof(1i), unsafe.Sizeof('a'), unsafe.Sizeof(map[int]int{}))
	fmt.Println(unsafe.Alignof(int8(0)), unsafe.Alignof(int16(0)), unsafe.Alignof(1i), unsafe.Alignof([0]int64{}), unsafe.Alignof(""))
	type embedded struct {
		e2
		*mix
		x int8
	}
	var em embedded
	fmt.Println(unsafe.Offsetof(em.mix), unsafe.Offsetof(em.x), unsafe.Sizeof(em))
	s := make([]nested, 3)
	fmt.Println(uintptr(unsafe.Pointer(&s[1]))-uintptr(unsafe.Pointer(&s[0])) == unsafe.Sizeof(n))
	type bools struct{ a, b, c, d, e bool }
	fmt.Println(unsafe.Sizeof(bools{}), unsafe.Sizeof([2]bools{}), unsafe.Sizeof(struct {
		a bools
		b int16
	}{}))
}
