// An uncaught panic with a slice, from a method called through an interface.
package main

import "fmt"

type stepper interface{ step(int) }

type walker []string

func (w walker) step(n int) {
	defer func() { fmt.Println("step", n, "ends") }()
	if n == len(w) {
		panic([]string(w))
	}
	fmt.Println(w[n])
	w.step(n + 1)
}

func main() {
	var s stepper = walker{"a", "b"}
	s.step(0)
}
