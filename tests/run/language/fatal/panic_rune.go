// An uncaught panic whose value is of type rune, and one of a named type on it raised while
// the first is under way.
package main

import "fmt"

type named rune

func raise(nested bool) {
	if nested {
		defer func() { panic(named('x')) }()
	}
	panic('x')
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
