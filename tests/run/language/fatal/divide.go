// An uncaught division by zero, deep in a computation.
package main

import "fmt"

type matrix [2][2]int

func (m matrix) det() int { return m[0][0]*m[1][1] - m[0][1]*m[1][0] }

//go:noinline
func ratio(a, b matrix) int { return a.det() / b.det() }

func main() {
	fmt.Println(ratio(matrix{{2, 0}, {0, 3}}, matrix{{1, 0}, {1, 2}}))
	defer func() { fmt.Println("deferred") }()
	fmt.Println(ratio(matrix{{2, 0}, {0, 3}}, matrix{{1, 2}, {2, 4}}))
}
