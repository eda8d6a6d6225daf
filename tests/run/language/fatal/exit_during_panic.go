// os.Exit while a panic is not recovered; statuses are cut to eight bits.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer func() {
		fmt.Println("exiting")
		os.Exit(256 + 5)
	}()
	panic("not printed")
}
