//test:nobuild

// Functions without bodies, found when nothing else is wrong.
package main

func f()
func g(x int) int

type t int

func (t) m()

func main() { f(); g(1); t(0).m() }
