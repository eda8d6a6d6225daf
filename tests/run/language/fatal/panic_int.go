// An uncaught panic with an int, after deferred calls of three frames have run in order.
package main

import "fmt"

type level int

func descend(l level) {
	defer fmt.Println("leaving", l)
	if l == 3 {
		panic(42)
	}
	descend(l + 1)
	fmt.Println("not reached")
}

func main() {
	defer fmt.Println("main's deferred call")
	descend(1)
}
