//test:nobuild

// Mismatched types in assignments, calls, operators, returns.
package main

import "fmt"

type t struct{ a int }

func two() (int, string) { return 1, "x" }
func one(a int, b string) bool { return a }

func main() {
	var s string = 5
	var n int = "x"
	n = 1.5
	x := 1 + "a"
	y := two()
	one(1)
	one(1, 2)
	one(two(), 3)
	if n {
	}
	t{}.b = 1
	var i fmt.Stringer = t{}
	n += nil
	fmt.Println(s, x, y, i, !n, -s, &5)
}
