// A recovered panic whose value is panicked with once more is one panic, marked so.
package main

import "fmt"

func guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("guard saw", r)
			panic(r)
		}
	}()
	f()
}

func main() {
	guard(func() {
		guard(func() {
			panic("the same value")
		})
	})
}
