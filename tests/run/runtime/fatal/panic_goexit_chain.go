// Goexit after a recovered panic in the main goroutine, nobody else is left.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	defer fmt.Println("last")
	defer func() {
		fmt.Println(recover())
		runtime.Goexit()
	}()
	panic("recovered, then Goexit")
}
