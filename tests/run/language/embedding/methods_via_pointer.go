// What an interface value holds when the method comes from an embedded value or pointer:
// copies, sharing, direct interfaces, offsets other than zero.
package main

import "fmt"

type counter struct{ n int }

func (c *counter) Add(k int) int { c.n += k; return c.n }
func (c counter) Get() int       { return c.n }

type onlyPointer struct{ *counter }
type first struct {
	counter
	pad [4]int
}
type last struct {
	pad [4]int
	counter
}
type deepLast struct {
	s string
	last
}
type deepPointer struct {
	s string
	*last
}
type fn func() int

func (f fn) Get() int      { return f() }
func (f fn) Add(k int) int { return f() + k }

type withFunc struct {
	pad int
	fn
}
type mapped map[string]int

func (m mapped) Get() int      { return m["n"] }
func (m mapped) Add(k int) int { m["n"] += k; return m["n"] }

type withMap struct{ mapped }

type accumulator interface {
	Add(int) int
	Get() int
}

func use(name string, a accumulator) {
	add, get := a.Add, a.Get
	fmt.Println(name, a.Add(1), a.Get(), add(10), get(), accumulator.Get(a))
}

func main() {
	c := &counter{}
	use("pointer", c)
	use("struct of one pointer", onlyPointer{c})
	use("pointer to that", &onlyPointer{c})
	use("first", &first{})
	use("last", &last{counter: counter{5}})
	dl := &deepLast{}
	use("deep last", dl)
	use("deep pointer", deepPointer{"", &dl.last})
	use("pointer to deep pointer", &deepPointer{"", &dl.last})
	fmt.Println(c.n, dl.n, dl.last.counter.n)
	n := 100
	use("func", fn(func() int { n++; return n }))
	use("embedded func", withFunc{0, func() int { n++; return n }})
	use("embedded func by pointer", &withFunc{0, func() int { n++; return n }})
	m := mapped{}
	use("map", m)
	use("embedded map", withMap{m})
	fmt.Println(m)
	var get interface{ Get() int } = *dl
	dl.n = -1
	fmt.Println(get.Get(), dl.Get(), get.(deepLast).last.Get())
	values := []interface{ Get() int }{counter{1}, first{counter: counter{2}}, last{counter: counter{3}}, deepLast{last: last{counter: counter{4}}}}
	for _, v := range values {
		fmt.Print(v.Get(), " ")
	}
	fmt.Println()
	local := struct {
		a, b int
		last
	}{last: last{counter: counter{9}}}
	var acc accumulator = &local
	fmt.Println(acc.Add(1), local.n)
}
