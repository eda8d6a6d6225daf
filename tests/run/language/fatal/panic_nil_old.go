//go:build go1.20

// With panicnil=1 panic(nil) is what it was: recover gives nil and cannot tell.
//
//test:env GODEBUG=panicnil=1
package main

import "fmt"

func quiet() (ended bool) {
	defer func() { fmt.Println("recovered", recover()) }()
	defer func() { ended = true }()
	panic(nil)
}

func main() {
	fmt.Println(quiet())
	fmt.Println("still running")
	panic(nil)
}
