// An uncaught panic whose value is of type float64, and one of a named type on it raised while
// the first is under way.
package main

import "fmt"

type named float64

func raise(nested bool) {
	if nested {
		defer func() { panic(named(1.5e300)) }()
	}
	panic(1.5e300)
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
