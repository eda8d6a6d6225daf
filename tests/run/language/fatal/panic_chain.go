// Several panics, each raised while the one before was running deferred calls; all are
// printed, the recovered ones marked.
package main

import (
	"errors"
	"fmt"
)

func inner() {
	defer func() { panic("third") }()
	defer func() {
		defer func() { fmt.Println("recovered", recover()) }()
		panic("second, recovered")
	}()
	panic(errors.New("first"))
}

func main() {
	defer func() {
		panic(fmt.Sprintf("fourth"))
	}()
	inner()
}
