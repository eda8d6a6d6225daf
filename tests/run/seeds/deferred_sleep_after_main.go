// Claim: a goroutine whose deferred call sleeps is simply gone when main returns; nothing
// of it is printed, and the exit status is 0.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

func init() { debug.SetTraceback("all") }

func main() {
	entered := make(chan struct{})
	go func() {
		defer func() {
			fmt.Println("defer executed")
			close(entered)
			time.Sleep(time.Hour)
			fmt.Println("never printed")
		}()
		time.Sleep(5 * time.Millisecond)
	}()
	<-entered
	runtime.GC()
	fmt.Println("main exit")
}
