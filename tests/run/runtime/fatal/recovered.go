// A deferred call recovers and panics with something else.
package main

func main() {
	defer func() {
		recover()
		panic("second")
	}()
	panic("first")
}
