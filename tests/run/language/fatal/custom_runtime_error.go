// A type of the program that implements runtime.Error is printed like any error.
package main

import (
	"fmt"
	"runtime"
)

type mine struct{ error }

func (mine) RuntimeError() {}

var _ runtime.Error = mine{}

func main() {
	func() {
		defer func() {
			r := recover()
			e, ok := r.(runtime.Error)
			fmt.Println(ok, e)
		}()
		panic(mine{fmt.Errorf("mine %d", 1)})
	}()
	panic(mine{fmt.Errorf("mine %d", 2)})
}
