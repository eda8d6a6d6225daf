// Sizes, alignments and offsets of all kinds of types as constants and of type parameters;
// pointers into structs and arrays; unsafe slices and strings; padding at the end.
package main

import (
	"fmt"
	"unsafe"
)

type empty struct{}
type tail struct {
	n int64
	e empty
}
type mixed struct {
	a bool
	b int64
	c uint16
	d [3]byte
	e complex64
	f string
	g any
	h []int
	i func()
	j map[int]int
	k chan int
	l *mixed
	m float32
}
type nested struct {
	x  byte
	in struct {
		y byte
		z [2]struct {
			p uint32
			q byte
		}
	}
	*tail
	w int16
}

const (
	sizeOfMixed = unsafe.Sizeof(mixed{})
	offset      = unsafe.Offsetof(mixed{}.g) + unsafe.Offsetof(nested{}.in.z)
	align       = unsafe.Alignof(mixed{}.e)
)

var table [sizeOfMixed / 8]uint64

func size[T any](x T) (uintptr, uintptr) { return unsafe.Sizeof(x), unsafe.Alignof(x) }
func stride[T any]() uintptr {
	var a [2]T
	return uintptr(unsafe.Pointer(&a[1])) - uintptr(unsafe.Pointer(&a[0]))
}
func offsetIn[T any]() uintptr {
	var s struct {
		b byte
		t T
	}
	return unsafe.Offsetof(s.t)
}

func main() {
	var m mixed
	fmt.Println(sizeOfMixed, offset, align, len(table), unsafe.Sizeof(empty{}), unsafe.Sizeof(tail{}), unsafe.Sizeof(struct{ e [0]int }{}), unsafe.Sizeof([0]int64{}))
	fmt.Println(unsafe.Offsetof(m.a), unsafe.Offsetof(m.b), unsafe.Offsetof(m.c), unsafe.Offsetof(m.d), unsafe.Offsetof(m.e), unsafe.Offsetof(m.f), unsafe.Offsetof(m.g), unsafe.Offsetof(m.h), unsafe.Offsetof(m.i), unsafe.Offsetof(m.j), unsafe.Offsetof(m.k), unsafe.Offsetof(m.l), unsafe.Offsetof(m.m))
	var n nested
	fmt.Println(unsafe.Sizeof(n), unsafe.Sizeof(n.in), unsafe.Offsetof(n.in.z), unsafe.Sizeof(n.in.z[0]), unsafe.Offsetof(n.tail), unsafe.Offsetof(n.w), unsafe.Offsetof((*tail)(nil).e), unsafe.Alignof(n), unsafe.Alignof(n.in))
	fmt.Println(size(int8(0)))
	fmt.Println(size(struct {
		a byte
		b uint16
	}{}))
	fmt.Println(size([3]tail{}))
	fmt.Println(size[any](nil))
	fmt.Println(stride[tail](), stride[empty](), stride[[3]byte](), stride[struct {
		a int32
		b byte
	}](), offsetIn[int16](), offsetIn[complex128](), offsetIn[[2]uint32](), offsetIn[empty]())
	arr := [4]int32{1, 2, 3, 4}
	p := unsafe.Pointer(&arr[0])
	*(*int32)(unsafe.Add(p, 8)) = 30
	*(*int32)(unsafe.Pointer(uintptr(p) + unsafe.Sizeof(arr[0]))) += 5
	fmt.Println(arr, unsafe.Slice(&arr[1], 2), *(*[2]int32)(unsafe.Add(p, 4)), unsafe.Slice((*int32)(nil), 0) == nil)
	b := []byte("bytes")
	s := unsafe.String(&b[1], 3)
	b[2] = 'X'
	fmt.Println(s, len(unsafe.Slice(unsafe.StringData(s), len(s))), unsafe.String(nil, 0) == "", unsafe.SliceData(b) == &b[0], unsafe.SliceData([]int(nil)) == nil)
	m.b, m.c = -1, 0xabcd
	fmt.Printf("%x %x\n", *(*uint64)(unsafe.Pointer(uintptr(unsafe.Pointer(&m)) + unsafe.Offsetof(m.b))), *(*uint16)(unsafe.Add(unsafe.Pointer(&m), unsafe.Offsetof(m.c))))
	f := 1.5
	fmt.Printf("%#x %v\n", *(*uint64)(unsafe.Pointer(&f)), *(*struct{ lo, hi uint32 })(unsafe.Pointer(&f)))
	for name, g := range map[string]func(){
		"negative length": func() { _ = unsafe.Slice(&arr[0], len(s)-9) },
		"nil with length": func() { _ = unsafe.Slice((*int)(nil), len(s)) },
		"huge length":     func() { _ = unsafe.Slice(&arr[0], uint64(1)<<62+uint64(len(s))) },
		"negative string": func() { _ = unsafe.String(&b[0], len(s)-9) },
	} {
		func() {
			defer func() {
				if r := recover(); r == nil {
					fmt.Println(name, "did not panic")
				}
			}()
			g()
		}()
	}
}
