// Claim: a goroutine in a very short sleep is a waiting goroutine like any other: it is
// counted, and it comes back.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	done := make(chan int)
	const count = 200
	before := runtime.NumGoroutine()
	for i := range count {
		go func() {
			time.Sleep(10 * time.Microsecond)
			done <- i
		}()
	}
	fmt.Println("started:", runtime.NumGoroutine()-before)
	sum := 0
	for range count {
		sum += <-done
	}
	fmt.Println("sum:", sum)
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
	fmt.Println("left:", runtime.NumGoroutine()-before)
}
