// All goroutines asleep: a WaitGroup that nobody ends.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			if i != 1 {
				wg.Done()
			}
		}()
	}
	fmt.Println("waiting")
	wg.Wait()
	fmt.Println("never")
}
