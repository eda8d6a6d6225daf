// A value method called through a nil pointer in an interface.
package main

type T struct{ a int }

//go:noinline
func (t T) Get() int { return t.a }

type I interface{ Get() int }

//go:noinline
func call(i I) int { return i.Get() }

func main() {
	var p *T
	println(call(p))
}
