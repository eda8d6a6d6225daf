// Claim: a deferred literal, a deferred function value, a deferred method and a deferred
// method value differ in cost but not in what they do; a nil one panics when it runs.
package main

import "fmt"

type counter struct{ n int }

func (c *counter) add()        { c.n++ }
func (c counter) show()        { fmt.Println("shown", c.n) }
func (c *counter) addTo(k int) { c.n += k }

type adder interface{ add() }

func literal(c *counter)          { defer func() {}(); defer func() { c.n++ }() }
func value(f func())              { defer f() }
func method(c *counter)           { defer c.add() }
func methodValue(c *counter)      { f := c.add; defer f() }
func methodExpression(c *counter) { defer (*counter).addTo(c, 10) }
func throughInterface(a adder)    { defer a.add() }
func generic[T adder](a T)        { defer a.add() }
func builtins(m map[int]int, c chan int, s []int) {
	defer delete(m, 1)
	defer close(c)
	defer copy(s, []int{9})
	defer clear(m)
	defer print()
}

func main() {
	c := &counter{}
	literal(c)
	value(func() { c.n++ })
	value(c.add)
	method(c)
	methodValue(c)
	methodExpression(c)
	throughInterface(c)
	generic(c)
	c.show()
	m, ch, s := map[int]int{1: 1, 2: 2}, make(chan int), []int{1, 2}
	builtins(m, ch, s)
	_, open := <-ch
	fmt.Println(m, open, s)

	try := func(name string, f func()) {
		defer func() { fmt.Println(name, recover()) }()
		f()
	}
	try("nil function:", func() {
		defer fmt.Println("the body ended, then the nil call panicked")
		var f func()
		defer f()
		fmt.Println("body")
	})
	try("nil interface:", func() {
		var a adder
		defer a.add()
		fmt.Println("not reached")
	})
	try("nil pointer, value method:", func() {
		var p *counter
		defer p.show()
		fmt.Println("not reached")
	})
	try("nil pointer, pointer method:", func() {
		var p *counter
		defer p.add()
		fmt.Println("reached")
	})
}
