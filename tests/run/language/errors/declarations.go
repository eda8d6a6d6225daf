//test:nobuild

// Redeclared names, cycles, unknown names, invalid receivers, duplicate fields and methods.
package main

import "fmt"

type a struct{ b b }
type b struct{ a a }

var x = y
var y = z
var z = x

const c = c + 1

type s struct {
	f int
	f string
}

func (s) m() {}
func (s) m() {}
func (int) m() {}
func (s) f() {}

func f(n int, n string) {}
func f() {}
func main(args []string) {}
func init() int { return 0 }

func g() {
	n := 1
	n := 2
	fmt.Printn(undefined, n)
	var _ = unknown.T{}
	init()
}
