// A panic in a function run by WaitGroup.Go.
package main

import (
	"errors"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Go(func() { panic(errors.New("inside Go")) })
	wg.Wait()
}
