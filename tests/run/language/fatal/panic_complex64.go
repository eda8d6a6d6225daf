// An uncaught panic whose value is of type complex64, and one of a named type on it raised while
// the first is under way.
package main

import "fmt"

type named complex64

func raise(nested bool) {
	if nested {
		defer func() { panic(named(complex64(1 - 2i))) }()
	}
	panic(complex64(1 - 2i))
}

func main() {
	func() {
		defer func() {
			r := recover()
			fmt.Printf("%T %v\n", r, r)
		}()
		raise(false)
	}()
	func() {
		defer func() {
			r := recover()
			fmt.Printf("%T %v\n", r, r)
		}()
		raise(true)
	}()
	raise(true)
}
