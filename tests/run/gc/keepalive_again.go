// A value that KeepAlive was asked for before, or is in a loop, lives until each call.
package main

import (
	"fmt"
	"runtime"
	"weak"
)

func main() {
	p := new(string)
	*p = "kept"
	wp := weak.Make(p) // calls KeepAlive
	runtime.GC()
	runtime.GC()
	fmt.Println(*wp.Value())
	runtime.KeepAlive(p)

	q := new(string)
	wq := weak.Make(q)
	for i := range 3 {
		runtime.GC()
		runtime.GC()
		fmt.Println(i, wq.Value() != nil)
		runtime.KeepAlive(q)
	}
}
