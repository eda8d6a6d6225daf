// Claim: consecutive defers of plain calls may be compiled in line, but what is seen is
// the last-in-first-out order and the values of the defer statements, in every variant.
package main

import (
	"log"
	"os"
)

func example() {
	defer log.Println("A")
	defer log.Println("B")
	return
}

func conditional(n int) {
	defer log.Println("always", n)
	if n&1 != 0 {
		defer log.Println("odd", n)
	}
	if n&2 != 0 {
		defer log.Println("second bit", n)
		return
	}
	defer log.Println("no second bit", n)
}

func many() {
	defer log.Print(1)
	defer log.Print(2)
	defer log.Print(3)
	defer log.Print(4)
	defer log.Print(5)
	defer log.Print(6)
	defer log.Print(7)
	defer log.Print(8)
	defer log.Print(9)
	defer log.Print(10)
}

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	example()
	for n := range 4 {
		conditional(n)
	}
	many()
}
