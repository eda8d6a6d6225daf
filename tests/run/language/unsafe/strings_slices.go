// unsafe.String, StringData, Slice, SliceData, Add: views without copies, and the panics.
package main

import (
	"fmt"
	"unsafe"
)

type pair struct {
	a int32
	b uint16
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	b := []byte("hello")
	s := unsafe.String(&b[0], len(b))
	b[0] = 'J'
	fmt.Println(s, unsafe.String(unsafe.SliceData(b), 2), unsafe.String(nil, 0) == "")
	d := unsafe.StringData("text")
	fmt.Println(*d, string(unsafe.Slice(d, 3)))
	arr := [5]int{1, 2, 3, 4, 5}
	sl := unsafe.Slice(&arr[1], 3)
	sl[0] = 20
	fmt.Println(arr, sl, len(sl), cap(sl), unsafe.SliceData(sl) == &arr[1])
	p := unsafe.Pointer(&arr)
	third := (*int)(unsafe.Add(p, 2*unsafe.Sizeof(arr[0])))
	*third *= 100
	second := (*int)(unsafe.Add(unsafe.Pointer(third), -8))
	fmt.Println(*third, *second, uintptr(unsafe.Pointer(third))-uintptr(p))
	q := pair{1, 2}
	field := (*uint16)(unsafe.Pointer(uintptr(unsafe.Pointer(&q)) + unsafe.Offsetof(q.b)))
	*field = 77
	fmt.Println(q)
	f := 1.5
	fmt.Printf("%#x\n", *(*uint64)(unsafe.Pointer(&f)))
	word := uint32(0x01020304)
	fmt.Println(unsafe.Slice((*byte)(unsafe.Pointer(&word)), 4))
	fmt.Println(unsafe.Slice((*int)(nil), 0) == nil, len(unsafe.Slice(&arr[0], uint8(2))), unsafe.SliceData([]int(nil)) == nil, unsafe.SliceData([]int{}) != nil)
	n := -1
	try(func() { _ = unsafe.Slice(&arr[0], n) })
	try(func() { _ = unsafe.String(&b[0], n) })
	try(func() { _ = unsafe.Slice((*int)(nil), n+2) })
	try(func() { _ = unsafe.String(nil, n+2) })
	try(func() { _ = unsafe.Slice(&arr[0], uint64(1<<62)) })
	type header struct {
		data unsafe.Pointer
		len  int
		cap  int
	}
	h := (*header)(unsafe.Pointer(&sl))
	h.len = 2
	fmt.Println(sl, h.cap, h.data == unsafe.Pointer(&arr[1]))
	grid := [2][3]int16{{1, 2, 3}, {4, 5, 6}}
	flat := (*[6]int16)(unsafe.Pointer(&grid))
	flat[3] = 40
	fmt.Println(grid, unsafe.Sizeof(grid), unsafe.Sizeof(*flat))
	var ptrs [2]*int
	pp := (**int)(unsafe.Add(unsafe.Pointer(&ptrs), unsafe.Sizeof(ptrs[0])))
	*pp = &arr[4]
	fmt.Println(*ptrs[1], ptrs[0] == nil)
}
