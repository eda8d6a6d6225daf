//go:build go1.21

// Claim: with the language before 1.22 all turns of a loop share one variable, so closures
// deferred in it all see its last value; passing it or copying it helps.
package main

import "fmt"

func main() {
	for i := 0; i < 3; i++ {
		defer func() { fmt.Println("shared", i) }()
	}
	for i := 0; i < 3; i++ {
		defer func(val int) { fmt.Println("passed", val) }(i)
	}
	for i := 0; i < 3; i++ {
		i := i
		defer func() { fmt.Println("copied", i) }()
	}
	var fs []func() int
	var ps []*int
	for i, s := range []string{"a", "bb", "ccc"} {
		fs = append(fs, func() int { return i*10 + len(s) })
		ps = append(ps, &i)
	}
	for i, f := range fs {
		fmt.Println(f(), *ps[i], ps[0] == ps[i])
	}
	for i := 0; i < 6; i++ {
		f := func() { i++ }
		f()
		fmt.Println("the body's closure moves the loop on", i)
	}
}
