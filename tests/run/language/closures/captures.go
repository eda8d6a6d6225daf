// What closures capture: variables, not values; parameters, results, loop variables,
// variables of enclosing closures; captured ones outlive their function.
package main

import "fmt"

func counter() (inc func() int, get func() int, reset func(int)) {
	n := 0
	inc = func() int { n++; return n }
	get = func() int { return n }
	reset = func(v int) { n = v }
	return
}

func named() (result int, err error) {
	f := func(v int) { result += v }
	f(1)
	f(2)
	defer func() { f(10); err = fmt.Errorf("result was %d", result) }()
	return result * 100, nil
}

func parameter(p []int, s struct{ n int }, a [2]int) func() (int, int, int) {
	change := func() { p = append(p, 1); s.n++; a[1] += 5 }
	change()
	change()
	return func() (int, int, int) { return len(p), s.n, a[1] }
}

func nest(depth int) func() []int {
	if depth == 0 {
		return func() []int { return nil }
	}
	inner := nest(depth - 1)
	calls := 0
	return func() []int {
		calls += depth
		return append(inner(), calls)
	}
}

func main() {
	inc, get, reset := counter()
	inc2, _, _ := counter()
	inc()
	inc()
	inc2()
	fmt.Println(get(), inc2())
	reset(50)
	fmt.Println(inc())
	fmt.Println(named())
	fmt.Println(parameter([]int{7}, struct{ n int }{1}, [2]int{})())
	f := nest(3)
	fmt.Println(f(), f())
	var fs []func()
	for i := 0; i < 3; i++ {
		j := i * 10
		fs = append(fs, func() { i++; j++; fmt.Print(i, j, " ") })
	}
	for _, f := range fs {
		f()
		f()
	}
	fmt.Println()
	x := 1
	set := func(v int) { x = v }
	y := x
	set(5)
	fmt.Println(x, y)
	x, set = 7, func(int) { x = -1 }
	set(0)
	fmt.Println(x)
	p := &x
	func() { *p = 9; x++ }()
	fmt.Println(x)
	if v := 3; v > 0 {
		set = func(d int) { v += d; x = v }
		set(4)
	}
	set(1)
	fmt.Println(x)
	switch s := fmt.Sprint(x); {
	case len(s) > 0:
		fs = append(fs[:0], func() { s += "!"; fmt.Print(s) })
	}
	fs[0]()
	fs[0]()
	fmt.Println()
	type node struct {
		v    int
		next func() *node
	}
	var make3 func(int) *node
	make3 = func(v int) *node { return &node{v, func() *node { return make3(v + 1) }} }
	fmt.Println(make3(1).next().next().v)
}
