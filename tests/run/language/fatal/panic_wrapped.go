// A panic replaced by an error that wraps the first one's value.
package main

import (
	"fmt"
	"runtime"
)

func wrap(what string, f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			fmt.Println(what, "went well")
		case runtime.Error:
			panic(fmt.Errorf("%s: %w", what, r))
		default:
			panic(fmt.Sprintf("%s: %v", what, r))
		}
	}()
	f()
}

func main() {
	wrap("nothing", func() {})
	var s []int
	wrap("outer", func() { wrap("inner", func() { s[3]++ }) })
}
