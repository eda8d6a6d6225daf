// An uncaught panic with a struct without methods: its type and addresses are printed.
package main

import "fmt"

type pair struct {
	a int
	b string
}

func main() {
	func() {
		defer func() { fmt.Printf("%+v\n", recover()) }()
		panic(pair{1, "one"})
	}()
	for i := range 3 {
		defer fmt.Println("deferred", i)
	}
	panic(pair{2, "two"})
}
