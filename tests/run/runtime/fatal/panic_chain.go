// Panics in deferred calls, one after the other, with values of several types.
package main

import "fmt"

type E struct{ n int }

func (e *E) Error() string { return fmt.Sprint("error ", e.n) }

func main() {
	defer func() { panic(fmt.Sprint("third ", recover())) }()
	defer panic(&E{2})
	defer func() {
		defer func() { recover() }()
		panic("hidden")
	}()
	panic(1.5)
}
