// Claim: since Go 1.22 each turn of a loop has a variable of its own; closures deferred or
// kept see their turn's value, and a change in the body is carried to the next turn.
package main

import "fmt"

func main() {
	for i := 0; i < 3; i++ {
		defer func() { fmt.Println("own", i) }()
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
	var adders []func() int
	for i := 0; i < 3; i++ {
		adders = append(adders, func() int { i += 100; return i })
	}
	for _, add := range adders {
		fmt.Println(add(), add())
	}
	var inCondition []func() int
	for i := 0; func() bool { inCondition = append(inCondition, func() int { return i }); return i < 2 }(); i++ {
	}
	for _, f := range inCondition {
		fmt.Print(f(), " ")
	}
	fmt.Println()
}
