// Arrays are values: assignment, parameters, results, captured copies, ranges, interfaces.
package main

import "fmt"

type big [100]int

func change(a [3]int) [3]int { a[0] = 99; return a }
func changeBig(a big) (sum int) {
	for i := range a {
		a[i]++
		sum += a[i]
	}
	return
}
func through(a *[3]int) { a[0] = 99 }
func results() (a [2]string, b big, err error) {
	a[1] = "one"
	b[99] = 7
	return a, b, nil
}

type holder struct {
	arr [4]int
	m   map[string][2]int
}

func (h holder) with(i, v int) holder { h.arr[i] = v; return h }

func main() {
	a := [3]int{1, 2, 3}
	b := a
	b[1] = 20
	fmt.Println(a, b, change(a), a)
	through(&a)
	fmt.Println(a)
	var x big
	y := x
	y[0] = 1
	fmt.Println(changeBig(y), y[0], x == big{}, x == y)
	r, s, err := results()
	fmt.Println(r, s[99], err, len(s))
	for i, v := range a {
		a[2] = 1000
		fmt.Print(i, v, " ")
	}
	for i, v := range &a {
		a[2] = 2000
		fmt.Print(i, v, " ")
	}
	fmt.Println()
	var i any = a
	a[0] = -1
	fmt.Println(i, i == any([3]int{99, 20, 3}), i.([3]int)[0])
	c := i.([3]int)
	c[0] = 5
	fmt.Println(c, i)
	f := func() int { return a[0] }
	a[0] = 77
	fmt.Println(f())
	h := holder{m: map[string][2]int{"k": {1, 2}}}
	g := h.with(1, 5)
	fmt.Println(h.arr, g.arr, h.m["k"][1], h.m["none"][0])
	pair := h.m["k"]
	pair[0] = 50
	fmt.Println(h.m["k"], pair)
	nested := [2][2]int{{1, 2}, {3, 4}}
	row := nested[0]
	row[0] = 100
	nested[1] = row
	fmt.Println(nested, row)
	nested[0], nested[1] = nested[1], nested[0]
	fmt.Println(nested)
	ch := make(chan [2]int, 1)
	ch <- nested[0]
	nested[0][0] = 0
	fmt.Println(<-ch)
	p := &nested[1]
	p[1] = 42
	q := p[:]
	q[0] = 41
	fmt.Println(nested, len(p), cap(q))
}
