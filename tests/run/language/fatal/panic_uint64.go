// An uncaught panic whose value is of type uint64, and one of a named type on it raised while
// the first is under way.
package main

import "fmt"

type named uint64

func raise(nested bool) {
	if nested {
		defer func() { panic(named(uint64(1<<64 - 1))) }()
	}
	panic(uint64(1<<64 - 1))
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
