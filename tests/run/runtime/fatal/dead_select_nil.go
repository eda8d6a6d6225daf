// A deadlock: a select with nil channels only.
//
//test:stderr
package main

func main() {
	var a, b chan int
	select {
	case <-a:
	case b <- 1:
	}
}
