// Sending on a closed channel: a blocked sender is woken by close and panics.
package main

import "fmt"

func main() {
	c := make(chan int)
	result := make(chan any)
	go func() {
		defer func() { result <- recover() }()
		c <- 1
	}()
	close(c)
	fmt.Println(<-result)
	v, ok := <-c
	fmt.Println(v, ok)
	d := make(chan int, 2)
	d <- 5
	close(d)
	v, ok = <-d
	fmt.Println(v, ok)
	d <- 6
}
