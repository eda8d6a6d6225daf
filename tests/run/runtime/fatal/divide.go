// Division by zero in a goroutine with deferred calls above it.
package main

import "fmt"

func div(a, b int) int { defer fmt.Println("leaving", a, b); return a / b }

func main() {
	c := make(chan int)
	go func() {
		defer fmt.Println("goroutine's")
		c <- div(1, 0)
	}()
	<-c
}
