// Claim: the arguments and the receiver of a deferred call are values of the moment of
// the defer statement; a closure sees variables as they are when it runs.
package main

import "fmt"

type account struct{ balance int }

func (a account) show(label string)     { fmt.Println(label, a.balance) }
func (a *account) current(label string) { fmt.Println(label, a.balance) }

func example() {
	x := 10
	defer fmt.Println("x =", x)
	x = 20
	defer fmt.Println("x =", x)
	defer func() { fmt.Println("closure: x =", x) }()
	x = 30
}

func receivers() {
	a := account{1}
	defer a.show("value receiver")
	defer a.current("pointer receiver")
	p := &a
	defer p.show("value receiver through pointer")
	defer p.current("pointer variable")
	a.balance = 2
	p = &account{99}
	_ = p
}

func trace(what string) string {
	fmt.Println("evaluated", what)
	return what
}

func choose(name string) func(string) {
	fmt.Println("chosen", name)
	return func(s string) { fmt.Println(name, "called with", s) }
}

func order() {
	defer choose("f")(trace("a"))
	defer choose("g")(trace("b"))
	fmt.Println("body")
}

func pointers() {
	s := []int{1, 2, 3}
	m := map[string]int{"k": 1}
	defer fmt.Println("slice and map share their contents:", s, m)
	s[0], m["k"] = 100, 200
	s = nil
	m = nil
}

func main() {
	example()
	receivers()
	order()
	pointers()
}
