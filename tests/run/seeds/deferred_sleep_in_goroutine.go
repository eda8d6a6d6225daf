// Claim: a goroutine that sleeps in a deferred call holds up nobody: others run, the
// collector works, and what was deferred earlier runs when it wakes.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	runtime.GOMAXPROCS(1)
	events := make(chan string, 4)
	entered := make(chan struct{})
	go func() {
		defer close(events)
		defer func() { events <- "deferred earlier" }()
		defer func() {
			close(entered)
			time.Sleep(20 * time.Millisecond)
			events <- "slept in a deferred call"
		}()
		func() {
			defer func() { events <- fmt.Sprint("recovered ", recover()) }()
			panic("and a panic before")
		}()
	}()
	<-entered
	done := make(chan int)
	for i := range 3 {
		go func() { done <- i }()
	}
	sum := 0
	for range 3 {
		sum += <-done
	}
	runtime.GC()
	fmt.Println("others ran:", sum)
	for e := range events {
		fmt.Println(e)
	}
}
