// Closing a channel twice; the whole report is compared.
//
//test:stderr
package main

func main() {
	c := make(chan int)
	close(c)
	close(c)
}
