// Claim: main's deferred recover does not catch the panic of another goroutine: the
// program ends with status 2.
package main

import (
	"fmt"
	"time"
)

func main() {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("caught:", r)
		}
	}()
	fmt.Println("starting")
	go func() {
		panic("panic in a goroutine")
	}()
	time.Sleep(20 * time.Second)
	fmt.Println("never printed")
}
