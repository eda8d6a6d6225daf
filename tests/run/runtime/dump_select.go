// The states of goroutines that select: a select of one case is the plain operation.
package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	var none chan int
	some, other := make(chan int), make(chan int)
	done := make(chan bool)
	go func() {
		select {
		case <-none:
		}
	}()
	go func() {
		select {
		case none <- 1:
		}
	}()
	go func() {
		select {
		case v, ok := <-some:
			fmt.Println(v, ok)
			done <- true
		}
	}()
	go func() {
		select {
		case other <- 7:
			done <- true
		}
	}()
	go func() {
		select {
		case <-none:
		case none <- 1:
		}
	}()
	go func() { select {} }()
	b := make([]byte, 1<<16)
	var states []string
	for len(states) < 6 {
		time.Sleep(time.Millisecond)
		states = nil
		for line := range strings.Lines(string(b[:runtime.Stack(b, true)])) {
			if strings.HasPrefix(line, "goroutine ") && !strings.Contains(line, "run") {
				states = append(states, line[strings.IndexByte(line, '['):])
			}
		}
	}
	slices.Sort(states)
	fmt.Print(strings.Join(states, ""))
	some <- 3
	<-done
	fmt.Println(<-other)
	<-done
	// What a select of one case does beside waiting.
	closed := make(chan int)
	close(closed)
	x := 1
	select {
	case x = <-closed:
	}
	fmt.Println(x)
	var ok bool
	select {
	case _, ok = <-closed:
		fmt.Println(ok)
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case closed <- 1:
		}
	}()
loop:
	for {
		select {
		case <-closed:
			break loop
		}
	}
	fmt.Println("out")
}
