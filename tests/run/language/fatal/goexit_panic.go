// A panic in a call deferred before Goexit, recovered: the goroutine still ends.
package main

import (
	"fmt"
	"runtime"
)

func run(done chan string) {
	defer func() { done <- "ended" }()
	defer func() { fmt.Println("recovered", recover()) }()
	defer func() { panic("during Goexit") }()
	runtime.Goexit()
}

func cancelled(done chan string) {
	defer func() { done <- fmt.Sprint("cancelled: ", recover()) }()
	defer func() { runtime.Goexit() }()
	panic("swallowed by Goexit")
}

func main() {
	done := make(chan string)
	go func() {
		run(done)
		done <- "never"
	}()
	fmt.Println(<-done)
	go cancelled(done)
	fmt.Println(<-done)
	go func() {
		defer func() { panic(fmt.Sprint("uncaught, recover gives ", recover())) }()
		runtime.Goexit()
	}()
	<-done
}
