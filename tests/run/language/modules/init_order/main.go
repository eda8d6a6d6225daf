// Initialisation across packages: imported ones first, each once, by path where free;
// within a package by dependency, then files' init functions in order of file names.
package main

import (
	"fmt"

	"example.org/initorder/b"
	_ "example.org/initorder/side"
	"example.org/initorder/trace"
)

var first = trace.Say("main.first", second)
var second = trace.Say("main.second", b.Value)

func init() { trace.Say("main init in main.go", 0) }

func main() {
	trace.Say("main", first)
	fmt.Println(trace.Count)
}
