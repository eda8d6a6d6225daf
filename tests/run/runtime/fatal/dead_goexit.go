// Goexit of main with another goroutine that never ends.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	done := make(chan bool)
	go func() {
		fmt.Println("the other goes on")
		done <- true
		<-done
	}()
	<-done
	defer fmt.Println("deferred")
	runtime.Goexit()
}
