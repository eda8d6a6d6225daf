// An uncaught panic whose value is of type bool, and one of a named type on it raised while
// the first is under way.
package main

import "fmt"

type named bool

func raise(nested bool) {
	if nested {
		defer func() { panic(named(true)) }()
	}
	panic(true)
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
