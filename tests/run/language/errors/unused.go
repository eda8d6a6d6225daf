//test:nobuild

// Unused variables, imports, labels, results.
package main

import (
	"fmt"
	"os"
	str "strings"
)

func f() int { return 1 }

func main() {
	x := 1
	var y, z int
	_ = z
	for i, v := range []int{} {
	}
label:
	1 + 2
	len("x")
	f
}
