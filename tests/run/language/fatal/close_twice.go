// Closing a closed channel, a nil one, receiving from one closed with values left.
package main

import "fmt"

func try(f func()) {
	defer func() {
		r := recover()
		_, isError := r.(error)
		fmt.Println(r, isError)
	}()
	f()
}

func main() {
	var none chan string
	try(func() { close(none) })
	c := make(chan string, 3)
	c <- "a"
	c <- "b"
	close(c)
	try(func() { close(c) })
	try(func() { c <- "x" })
	try(func() {
		select {
		case c <- "y":
		default:
		}
	})
	for s := range c {
		fmt.Println(s)
	}
	defer close(c)
	fmt.Println(<-c == "")
}
