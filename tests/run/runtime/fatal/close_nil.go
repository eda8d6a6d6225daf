// Closing a nil channel; the whole report is compared.
//
//test:stderr
package main

func main() {
	var c chan struct{}
	close(c)
}
