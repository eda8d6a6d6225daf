// A panic in a goroutine started by a goroutine, while main waits on a lock.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	mu.Lock()
	ready := make(chan bool)
	go func() {
		defer fmt.Println("outer goroutine's deferred call")
		<-ready
		func() {
			defer fmt.Println("inner deferred call")
			panic(fmt.Sprint("in goroutine ", 2))
		}()
	}()
	fmt.Println("main waits")
	ready <- true
	mu.Lock()
}
