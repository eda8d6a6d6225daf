// Addresses made numbers in the list of a variadic function: of numbers, and of any values.
package main

import (
	"fmt"
	"unsafe"
)

var x, y = 7, 8

//go:noinline
func anything(list ...any) {
	for _, v := range list {
		switch v := v.(type) {
		case uintptr:
			fmt.Println("uintptr", v == uintptr(unsafe.Pointer(&x)) || v == uintptr(unsafe.Pointer(&y)))
		default:
			fmt.Printf("%T %v\n", v, v)
		}
	}
}

//go:noinline
func numbers(list ...uintptr) {
	for _, v := range list {
		fmt.Println(v == uintptr(unsafe.Pointer(&x)) || v == uintptr(unsafe.Pointer(&y)), v == 3)
	}
}

func main() {
	anything(uintptr(unsafe.Pointer(&x)))
	anything(1, uintptr(unsafe.Pointer(&y)), "two", uintptr(unsafe.Pointer(&x)))
	numbers(uintptr(unsafe.Pointer(&x)), 3, uintptr(unsafe.Pointer(&y)))
	defer anything(uintptr(unsafe.Pointer(&x)), nil)
	defer numbers(3, uintptr(unsafe.Pointer(&x)))
}
