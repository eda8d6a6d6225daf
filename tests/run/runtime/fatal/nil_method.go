// A nil pointer in a method called through an interface.
package main

type T struct {
	pad [10]int
	x   int
}

//go:noinline
func (t *T) Get() int { return t.x }

type I interface{ Get() int }

//go:noinline
func call(i I) int { return i.Get() + 1 }

func main() { println(call((*T)(nil))) }
