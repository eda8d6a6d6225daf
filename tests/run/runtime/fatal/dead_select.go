// A deadlock: a select none of whose cases can ever be ready.
//
//test:stderr
package main

func main() {
	a, b := make(chan int), make(chan int)
	select {
	case <-a:
	case b <- 1:
	}
}
