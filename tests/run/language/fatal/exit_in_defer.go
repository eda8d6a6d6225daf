// os.Exit in a deferred call during a panic: the status is Exit's and no panic is printed.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("never: registered before")
	defer func() {
		r := recover()
		fmt.Println("recovered", r)
		os.Exit(17)
	}()
	defer func() { fmt.Println("runs first") }()
	panic("leads to an exit")
}
