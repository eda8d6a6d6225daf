// All goroutines asleep: receiving from a nil channel, after others have ended.
package main

import "fmt"

func main() {
	done := make(chan bool)
	go func() { done <- true }()
	fmt.Println(<-done)
	var c chan int
	select {
	case v := <-c:
		fmt.Println(v)
	case c <- 1:
	default:
		fmt.Println("nil channels are never ready")
	}
	<-c
}
