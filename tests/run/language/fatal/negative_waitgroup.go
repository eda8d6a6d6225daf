// A WaitGroup below zero panics.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(2)
	wg.Done()
	wg.Done()
	wg.Wait()
	func() {
		defer func() { fmt.Println(recover()) }()
		wg.Add(-1)
	}()
	var other sync.WaitGroup
	other.Done()
}
