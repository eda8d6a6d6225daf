// A deadlock: sending with nobody there to receive.
//
//test:stderr
package main

func main() {
	c := make(chan string, 1)
	c <- "fits"
	c <- "does not"
}
