// A panic in an init function: main never runs, variables and earlier inits have.
package main

import "fmt"

var first = say("variable")

func say(s string) string { fmt.Println("initialising", s); return s }

func init() { fmt.Println("first init", first) }

func init() {
	defer fmt.Println("deferred in init")
	var m map[string]int
	m[first] = 1
}

func init() { fmt.Println("never") }

func main() { fmt.Println("never") }
