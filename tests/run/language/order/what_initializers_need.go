// The order in which package variables are initialized: by what they need, through functions,
// methods, method values, closures, generic functions and interfaces; several variables of one
// call; blank ones; those that nothing needs in the order of the source; then init functions.
package main

import "fmt"

var trace []string

func note[T any](name string, v T) T {
	trace = append(trace, fmt.Sprint(name, "=", v))
	return v
}

func note2[T any](name string, v T) T {
	note(name, fmt.Sprintf("%T", v))
	return v
}

var (
	a = note("a", b+c)
	b = note("b", viaFunction())
	c = note("c", 1)
)

func viaFunction() int { return viaMethod.get() + len(table) }

type holder struct{ n int }

func (h holder) get() int   { return h.n + hidden }
func (h *holder) set(n int) { h.n = n }

var viaMethod = note("viaMethod", holder{late})
var hidden = note("hidden", 100)
var late = note("late", 5)
var table = note2("table", map[string]func() int{"x": closure, "y": func() int { return usedInLiteral }})
var closure = func() int { return usedInClosure }
var usedInClosure = note("usedInClosure", 7)
var usedInLiteral = note("usedInLiteral", 8)
var x, y = note("x", z), note("y", 2)
var z, w = two()
var _ = note("blank", w)
var bound = note("bound", 0) + early.get2()

type lazy struct{}

func (lazy) get2() int { return fromMethodValue() }

var early lazy
var fromMethodValue = (&counter).next
var counter = count{note("counter", 40)}

type count struct{ n int }

func (c *count) next() int { c.n++; return c.n }

func two() (int, int) { return note("two", generic[int](3)), inner.v }
func generic[T int | string](v T) T {
	_ = forGeneric
	return v
}

var forGeneric = note("forGeneric", "g")
var inner = struct{ v int }{note("inner", 6)}
var iface fmt.Stringer = named(note("iface", 1))

type named int

func (n named) String() string { return fmt.Sprint(int(n), onlyThroughInterface) }

var throughInterface = note("throughInterface", iface.String())
var onlyThroughInterface = note("onlyThroughInterface", 99)
var pointer = &target
var target = note("target", *new(int)+size)

const size = len(array)

var array = [3]int{note("array", 1), 2: 3}
var recursive = func() func(int) int {
	note("recursive", 0)
	return nil
}()

func init() { note("init 1", a) }

var afterInit = note("afterInit", len(trace) > 10)

func init() { note("init 2", *pointer); recursive = func(n int) int { return n * factor } }

var factor = note("factor", 2)

func main() {
	for _, t := range trace {
		fmt.Println(t)
	}
	fmt.Println(a, b, c, x, y, z, w, bound, fromMethodValue(), recursive(4), afterInit, throughInterface)
}
