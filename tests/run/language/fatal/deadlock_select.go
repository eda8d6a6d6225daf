// All goroutines asleep: an empty select, with others blocked on channels and locks.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var mu sync.Mutex
	mu.Lock()
	c := make(chan int)
	go func() { mu.Lock() }()
	go func() { c <- 1 }()
	go func() { <-make(chan int) }()
	runtime.Gosched()
	fmt.Println("blocking")
	defer fmt.Println("never")
	select {}
}
