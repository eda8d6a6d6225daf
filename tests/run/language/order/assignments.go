// Assignments: operands of index and pointer expressions first, then values, then left to
// right; swaps; tuple forms; operator assignment evaluates once; panics half way.
package main

import "fmt"

type node struct {
	v    int
	next *node
}

func at(s []int, i int) *int            { fmt.Print("at", i, " "); return &s[i] }
func i(v int) int                       { fmt.Print("i", v, " "); return v }
func v(x int) int                       { fmt.Print("v", x, " "); return x }
func m(x map[string]int) map[string]int { fmt.Print("m "); return x }

func try(f func()) {
	defer func() { fmt.Println("recovered:", recover()) }()
	f()
}

func main() {
	s := []int{0, 1, 2, 3}
	k := 0
	k, s[k] = 2, 9
	fmt.Println(k, s)
	s[0], s[0] = 1, 2
	fmt.Println(s[0])
	s[1], s[2] = s[2], s[1]
	k, s[k], s = 1, 7, []int{5, 5, 5}
	fmt.Println(k, s)
	s[i(0)], *at(s, 1) = v(10), v(11)
	fmt.Println(s)
	s[i(2)] += v(3)
	*at(s, 0) *= 2
	s[i(0)]++
	fmt.Println(s)
	x := map[string]int{}
	m(x)["a"], m(x)["b"] = v(1), v(2)
	m(x)["a"] -= v(5)
	fmt.Println(x)
	l := &node{1, &node{2, &node{3, nil}}}
	l, l.next = l.next, l
	fmt.Println(l.v, l.next.v, l.next.next == nil)
	var rev *node
	for n := (&node{1, &node{2, &node{3, nil}}}); n != nil; {
		n, rev, n.next = n.next, n, rev
	}
	for ; rev != nil; rev = rev.next {
		fmt.Print(rev.v, " ")
	}
	fmt.Println()
	a, b, c := 1, 2, 3
	a, b, c = c, a, b
	fmt.Println(a, b, c)
	arr := [3]int{1, 2, 3}
	brr := arr
	arr, arr[0] = [3]int{7, 8, 9}, 100
	fmt.Println(arr, brr)
	p := &arr
	p, p[1] = &brr, 55
	fmt.Println(arr, p == &brr)
	try(func() { var q *node; a, q.v = 50, 1 })
	fmt.Println(a)
	try(func() { var z map[string]int; b, z["k"] = 60, v(1) })
	fmt.Println(b)
	try(func() { c, s[i(10)] = 70, v(2) })
	fmt.Println(c)
	try(func() { s[5+i(0)] = func() int { fmt.Print("value first "); return 1 }() })
	var f func() int
	g := func() int { f = nil; return 3 }
	f = func() int { return 4 }
	y := f() + g()
	fmt.Println(y, f == nil)
	st := struct{ a, b []int }{[]int{1}, []int{2}}
	st.a, st.b, st.a[0] = st.b, st.a, 99
	fmt.Println(st)
	_, z := v(1), v(2)
	_ = v(3)
	fmt.Println(z)
	ch := make(chan int, 1)
	ch <- 8
	w, ok := <-ch, len(ch) == 0
	fmt.Println(w, ok)
	var e any = 5
	n, isInt := e.(int)
	_, isString := e.(string)
	fmt.Println(n, isInt, isString)
}
