// panic(nil) becomes a *runtime.PanicNilError, also when the nil is in a variable.
package main

import (
	"errors"
	"fmt"
	"runtime"
)

func main() {
	for _, v := range []any{nil, error(nil)} {
		func() {
			defer func() {
				r := recover()
				var e *runtime.PanicNilError
				err, isError := r.(error)
				fmt.Printf("%T %v %v %v\n", r, r, isError, errors.As(err, &e))
				_, isRuntime := r.(runtime.Error)
				fmt.Println(isRuntime)
			}()
			panic(v)
		}()
	}
	panic(nil)
}
