// Finalizers and cleanups of variables of packages are accepted, and never run.
package main

import (
	"fmt"
	"runtime"
)

var (
	zeroed      int
	initialised = 5
	pointer     *int
	pointing    = &zeroed
	array       [100]int
	strings     = [...]string{"a", "b"}
)

func watch[T any](name string, p *T) {
	c := runtime.AddCleanup(p, func(name string) { fmt.Println(name, "ended") }, name)
	runtime.SetFinalizer(p, func(*T) { fmt.Println(name, "finalized") })
	runtime.SetFinalizer(p, nil)
	c.Stop()
	runtime.AddCleanup(p, func(name string) { fmt.Println(name, "ended") }, name)
	fmt.Println(name)
}

func main() {
	watch("zeroed", &zeroed)
	watch("initialised", &initialised)
	watch("pointer", &pointer)
	watch("pointing", &pointing)
	watch("array", &array)
	watch("an element", &array[3])
	watch("strings", &strings)
	runtime.GC()
	runtime.GC()
	fmt.Println(*pointing)
}
