// Claim: recover works in the goroutine that panics, in a function deferred before the
// panic and called directly by the panic; anywhere else it gives nil.
package main

import (
	"fmt"
	"log"
	"os"
)

func riskyGoroutine(done chan<- struct{}) {
	defer close(done)
	defer func() {
		if r := recover(); r != nil {
			log.Println("caught in same goroutine:", r)
		}
	}()
	panic("boom")
}

func other() {
	defer func() {
		r := recover()
		fmt.Printf("finally: %v\n", r)
	}()
	defer func() {
		result := make(chan any)
		go func() { result <- recover() }()
		fmt.Println("in another goroutine:", <-result)
	}()
	defer func() {
		func() { fmt.Println("one call too deep:", recover()) }()
	}()
	defer fmt.Println("as an argument, before the panic:", recover())
	panic("still here")
}

func direct() {
	defer func() { fmt.Println("after a deferred recover() itself:", recover()) }()
	defer recover()
	panic("recover is not called by a deferred function here")
}

func none() {
	defer func() { fmt.Println("without panic:", recover()) }()
}

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	done := make(chan struct{})
	go riskyGoroutine(done)
	<-done
	other()
	direct()
	none()
}
