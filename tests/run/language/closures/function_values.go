// Function values: tables, returned and passed, nil ones, struct fields, types with
// methods, conversions, comparison with nil, immediately called literals.
package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type handler func(args ...string) (string, error)
type middleware func(handler) handler
type option func(*config)
type config struct {
	name  string
	limit int
	hooks []func(*config)
}
type visitor struct {
	enter, leave func(string)
	depth        int
}

var errUnknown = errors.New("unknown")
var commands = map[string]handler{
	"join":  func(args ...string) (string, error) { return strings.Join(args, "+"), nil },
	"count": func(args ...string) (string, error) { return fmt.Sprint(len(args)), nil },
	"fail":  func(...string) (string, error) { return "", errUnknown },
}

func chain(h handler, ms ...middleware) handler {
	for i := len(ms) - 1; i >= 0; i-- {
		h = ms[i](h)
	}
	return h
}
func named(n string) option { return func(c *config) { c.name = n } }
func limited(k int) option  { return func(c *config) { c.limit = k } }
func build(opts ...option) *config {
	c := &config{limit: 1}
	for _, o := range opts {
		if o != nil {
			o(c)
		}
	}
	for _, h := range c.hooks {
		h(c)
	}
	return c
}

func main() {
	var log []string
	logging := func(tag string) middleware {
		return func(next handler) handler {
			return func(args ...string) (string, error) {
				log = append(log, tag)
				s, err := next(args...)
				return tag + "(" + s + ")", err
			}
		}
	}
	names := []string{}
	for n := range commands {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Println(chain(commands[n], logging("a"), logging("b"))("x", "y"))
	}
	fmt.Println(log, commands["none"] == nil)
	c := build(named("n"), nil, limited(5), func(c *config) { c.hooks = append(c.hooks, func(c *config) { c.limit++ }) })
	fmt.Println(c.name, c.limit)
	v := visitor{}
	v.enter = func(s string) { fmt.Print(strings.Repeat(" ", v.depth), "<", s, ">"); v.depth++ }
	v.leave = func(s string) { v.depth--; fmt.Print("</", s, ">") }
	v.enter("a")
	v.enter("b")
	v.leave("b")
	v.leave("a")
	fmt.Println()
	fmt.Println(func(a, b int) int { return a * b }(6, 7), func() func() string { return func() string { return "nested" } }()())
	var f func(int) func(int) int
	f = func(a int) func(int) int { return func(b int) int { return a - b } }
	fmt.Println(f(10)(3), f != nil)
	ops := [...]func(float64, float64) float64{'+': func(a, b float64) float64 { return a + b }, '-': func(a, b float64) float64 { return a - b }}
	fmt.Println(ops['+'](1, 2), ops['-'](1, 2), ops[0] == nil, len(ops))
	type unary = func(int) int
	twice := func(u unary) unary { return func(x int) int { return u(u(x)) } }
	fmt.Println(twice(twice(func(x int) int { return x * 2 }))(1))
	less := sort.SliceIsSorted(names, func(i, j int) bool { return names[i] < names[j] })
	fmt.Println(less, strings.Map(func(r rune) rune {
		if r == 'a' {
			return -1
		}
		return r + 1
	}, "banana"), strings.FieldsFunc("a1b22c", func(r rune) bool { return r < 'a' }))
}
