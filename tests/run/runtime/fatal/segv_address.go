// A bad address that is not nil: fatal unless SetPanicOnFault.
package main

import (
	"fmt"
	"runtime/debug"
	"unsafe"
)

var address uintptr = 0xdead0000

func main() {
	func() {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() {
			e := recover().(error)
			a, ok := e.(interface{ Addr() uintptr })
			fmt.Println(e, ok, a.Addr() == address)
		}()
		fmt.Println(*(*int)(unsafe.Pointer(address)))
	}()
	fmt.Println(*(*int)(unsafe.Pointer(address)))
}
