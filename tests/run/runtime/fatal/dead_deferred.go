// A deadlock in a deferred call while panicking: the panic is never printed.
package main

func main() {
	c := make(chan int)
	defer func() { <-c }()
	panic("first")
}
