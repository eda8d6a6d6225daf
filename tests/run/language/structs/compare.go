// Comparing structs: fields in turn, blank fields ignored, padding ignored, nested,
// interfaces inside, panics, different but convertible types.
package main

import "fmt"

type padded struct {
	a int8
	b int64
	c int8
	d string
	_ float64
	e bool
}

type inner struct {
	f float64
	s string
}

type outer struct {
	inner
	arr [2]inner
	p   *inner
	i   any
	c   chan int
}

func try(f func() bool) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	fmt.Println(f())
}

//go:noinline
func same(a, b padded) bool { return a == b }

func fillStack(n int) int {
	var junk [64]int
	for i := range junk {
		junk[i] = n*i + 0x55
	}
	return junk[n%64]
}

func main() {
	fillStack(3)
	a := padded{1, 2, 3, "d", 0, true}
	fillStack(9)
	b := padded{a: 1, b: 2, c: 3, d: "d", e: true}
	fmt.Println(same(a, b), a == b, a != b)
	for _, change := range []func(*padded){
		func(p *padded) { p.a = 9 }, func(p *padded) { p.b = 9 }, func(p *padded) { p.c = 9 },
		func(p *padded) { p.d = "e" }, func(p *padded) { p.e = false },
	} {
		c := a
		change(&c)
		fmt.Print(same(a, c), a != c, " ")
	}
	fmt.Println()
	ch := make(chan int)
	x := outer{inner{1, "x"}, [2]inner{{2, "y"}}, nil, 5, ch}
	y := x
	fmt.Println(x == y)
	y.arr[1].s = "z"
	fmt.Println(x == y)
	y = x
	y.i = int8(5)
	fmt.Println(x == y, x.inner == y.inner, x.arr == y.arr)
	x.i, y.i = []int{}, []int{}
	try(func() bool { return x == y })
	y.f = 3
	try(func() bool { return x == y })
	x.i, y.i = nil, []int{}
	y.f = 1
	try(func() bool { return x == y })
	try(func() bool { var a, b any = struct{ f func() }{}, struct{ f func() }{}; return a == b })
	try(func() bool { var a, b any = struct{ m map[int]int }{}, struct{ m map[int]int }{}; return a == b })
	try(func() bool {
		var a, b any = struct {
			n int
			s []int
		}{1, nil}, struct {
			n int
			s []int
		}{2, nil}
		return a == b
	})
	anonymous := struct {
		f float64
		s string
	}{1, "x"}
	fmt.Println(anonymous == inner{1, "x"}, inner(anonymous) == x.inner, any(anonymous) == any(inner(anonymous)))
	fmt.Println(struct{}{} == struct{}{}, any(struct{}{}) == any(struct{}{}), [2]struct{}{} == [2]struct{}{})
	type tagged struct {
		f float64 `json:"f"`
		s string
	}
	fmt.Println(tagged(x.inner) == tagged{1, "x"})
	type blanks struct{ _, _ int }
	fmt.Println(blanks{} == blanks{}, any(blanks{}) == any(blanks{}))
}
