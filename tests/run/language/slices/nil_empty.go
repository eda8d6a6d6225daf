// nil slices against empty ones: what is nil, length, capacity, ranges, printing, clear,
// make with every kind of size and its panics.
package main

import "fmt"

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

type list []int

func (l list) Len() int { return len(l) }

func main() {
	var n []int
	e := []int{}
	m := make([]int, 0)
	fmt.Println(n == nil, e == nil, m == nil, len(n), cap(n), len(e), n[:] == nil, e[:0] == nil, n[0:0] == nil)
	fmt.Printf("%v %v %#v %#v %T %d\n", n, e, n, e, n, []int(nil))
	for range n {
		fmt.Println("never")
	}
	var any1, any2 any = n, nil
	fmt.Println(any1 == nil, any2 == nil, list(nil).Len(), list(nil) == nil, []int(list(nil)) == nil)
	clear(n)
	s := []string{"a", "b", "c"}
	clear(s[1:])
	fmt.Printf("%q\n", s)
	type pair struct {
		a *int
		b string
	}
	ps := []pair{{new(int), "x"}, {nil, "y"}}
	clear(ps[:1])
	fmt.Println(ps[0].a == nil, ps)
	x, y := 3, 5
	fmt.Println(len(make([]int, x)), cap(make([]int, x, y)), len(make([]byte, uint8(200))), make([]bool, 2.0), cap(make([]int, int64(x), uint16(y))))
	neg, huge := -1, 1<<62
	try("negative len", func() { _ = make([]int, neg) })
	try("huge len", func() { _ = make([]int, huge) })
	try("negative cap", func() { _ = make([]int, 0, neg) })
	try("huge cap", func() { _ = make([]int, 0, huge) })
	try("len above cap", func() { _ = make([]int, y, x) })
	try("uint64", func() { n := uint64(1 << 63); _ = make([]byte, n) })
	try("zero size elements", func() { fmt.Println(len(make([]struct{}, 1<<40))) })
	z := make([]int, 2, 10)
	fmt.Println(z, z[:5], z[2:10:10], len(z[10:]), cap(z[10:]))
	z = z[:0]
	fmt.Println(z, z[:2], z == nil)
	var nested [][]int
	nested = append(nested, nil, []int{}, n)
	fmt.Println(nested, nested[0] == nil, nested[1] == nil, len(nested[2]))
	f := func(v ...int) (bool, int) { return v == nil, len(v) }
	fmt.Println(f())
	fmt.Println(f(e...))
	fmt.Println(f(nil...))
}
