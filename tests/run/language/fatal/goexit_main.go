// Goexit in main with other goroutines still at work: they finish, then it is a deadlock.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	defer fmt.Println("main's deferred call")
	go func() {
		time.Sleep(5 * time.Millisecond)
		fmt.Println("the other goroutine finishes")
	}()
	runtime.Goexit()
	fmt.Println("never")
}
