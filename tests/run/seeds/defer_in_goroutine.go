// Claim: a defer in a goroutine belongs to that goroutine and runs before its function
// returns, after its body, in reverse order, whoever started it.
package main

import (
	"fmt"
	"sync"
)

func example() <-chan string {
	log := make(chan string, 8)
	go func() {
		defer close(log)
		defer func() { log <- "deferred in goroutine" }()
		log <- "in goroutine"
		go func() {}()
	}()
	return log
}

func waited() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer fmt.Println("defer runs")
		fmt.Println("goroutine runs")
	}()
	wg.Wait()
	fmt.Println("main goes on")
}

func deferredStart() {
	done := make(chan struct{})
	func() {
		defer func() {
			go func() {
				defer close(done)
				fmt.Println("a goroutine started by a deferred call")
			}()
		}()
		fmt.Println("the function that defers it")
	}()
	<-done
}

func main() {
	for s := range example() {
		fmt.Println(s)
	}
	waited()
	deferredStart()
}
