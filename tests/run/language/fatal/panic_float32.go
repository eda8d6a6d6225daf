// An uncaught panic whose value is of type float32, and one of a named type on it raised while
// the first is under way.
package main

import "fmt"

type named float32

func raise(nested bool) {
	if nested {
		defer func() { panic(named(float32(0.1))) }()
	}
	panic(float32(0.1))
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
