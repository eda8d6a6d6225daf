// A deadlock: sending on a nil channel. The whole report is compared.
//
//test:stderr
package main

func main() {
	var c chan int
	c <- 1
}
