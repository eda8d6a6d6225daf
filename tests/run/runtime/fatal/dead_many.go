// A deadlock of several goroutines in a ring of locks and channels.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var a, b sync.Mutex
	step := make(chan bool)
	go func() {
		b.Lock()
		step <- true
		<-step
		a.Lock()
	}()
	a.Lock()
	<-step
	step <- true
	fmt.Println("both hold one")
	b.Lock()
}
