// Claim: the deferred calls of a goroutine that has not ended when main returns never
// run; if main waits, they do. os.Exit runs none, runtime.Goexit runs all.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
)

func abandoned() {
	started := make(chan struct{})
	go func() {
		defer fmt.Println("never printed")
		close(started)
		select {}
	}()
	<-started
}

func awaited() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer fmt.Println("deferred in an awaited goroutine")
	}()
	wg.Wait()
}

func goexit() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { fmt.Println("after Goexit, recover gives", recover()) }()
		func() {
			defer fmt.Println("inner frame")
			runtime.Goexit()
		}()
		fmt.Println("never printed")
	}()
	<-done
}

func main() {
	abandoned()
	awaited()
	goexit()
	defer fmt.Println("never printed")
	os.Exit(3)
}
