// os.Exit in a deferred call while panicking.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer func() {
		fmt.Println(recover())
		os.Exit(5)
	}()
	panic("then exit")
}
