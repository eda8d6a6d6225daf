// //go:linkname within a module: functions and variables of another package under other names,
// pushed and pulled, and methods.
package main

import (
	"fmt"
	_ "unsafe"

	"example.org/linknames/hidden"
)

//go:linkname secret example.org/linknames/hidden.secret
func secret(n int) (int, string)

//go:linkname state example.org/linknames/hidden.state
var state []string

//go:linkname method example.org/linknames/hidden.(*counter).add
func method(c *hidden.Counter, n int) int

//go:linkname pushed example.org/linknames/hidden.wanted
func pushed(s string) string { return "pushed by main: " + s }

func main() {
	fmt.Println(secret(4))
	state = append(state, "from main")
	fmt.Println(hidden.State())
	c := hidden.New()
	fmt.Println(method(c, 5), method(c, 6), hidden.Value(c))
	fmt.Println(hidden.UseWanted())
}
