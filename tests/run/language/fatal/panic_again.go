// A panic that is recovered and raised again, in a deferred call of another that failed on the
// way: the message shows them all.
package main

import (
	"errors"
	"fmt"
)

type failure struct{ err error }

func (f failure) Error() string { return "failure: " + f.err.Error() }
func (f failure) Unwrap() error { return f.err }

func again() {
	defer func() {
		r := recover()
		fmt.Println("recovered", r)
		panic(r)
	}()
	panic(failure{errors.New("first")})
}

func main() {
	defer fmt.Println("main ends")
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		panic(fmt.Sprint("second while panicking"))
	}()
	defer func() {
		panic(fmt.Errorf("third, after %w", errors.New("a cause")))
	}()
	again()
}
