// Package variables are initialised by dependency, not by place: through functions,
// methods, closures, blank ones, several from one call; then init functions in order.
package main

import "fmt"

var (
	a = c + b
	b = f()
	c = say("c", 1)
	d = say("d", 3)
)

func f() int { d++; return say("f sees d", d) }

var x, y = pair()

func pair() (int, string) { fmt.Println("pair needs z:", z); return z, "y" }

var z = say("z", 26)

var _ = say("blank", 0)

type counter struct{ n int }

func (c counter) get() int { return c.n + late }

var viaMethod = counter{5}.get()
var late = say("late", 100)

var closure = func() int { return inClosure * 2 }
var inClosure = say("inClosure", 21)
var fromClosure = closure()

var table = map[string]func() int{"k": func() int { return inTable }}
var inTable = say("inTable", 9)

var first = second
var second = third + 1
var third = say("third", 3)

var pointer = &target
var target = say("target", 8)

var _, ignored = pair2()

func pair2() (int, int) { return say("pair2", 1), 2 }

var methodValue = counter.get
var shadow = func() int { third := 50; return third }()

func say(name string, v int) int { fmt.Println("init", name, v); return v }

func init() { fmt.Println("init 1", a, b, c, d); order = append(order, 1) }

var order []int

func init() { order = append(order, 2) }
func init() { order = append(order, 3) }

func main() {
	fmt.Println(a, b, c, d, x, y, z)
	fmt.Println(viaMethod, fromClosure, table["k"](), first, second, *pointer, ignored, methodValue(counter{1}), shadow)
	fmt.Println(order)
}
