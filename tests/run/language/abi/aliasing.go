// Assignments whose right side reads what the left side overwrites: fields, arrays, results
// of calls with the variable as argument, through pointers and maps.
package main

import "fmt"

type big struct {
	a, b [10]int
	s, t string
	n    int
}

//go:noinline
func flip(x big) big { return big{x.b, x.a, x.t, x.s, -x.n} }

//go:noinline
func both(x, y big) (big, big) { x.n++; y.n++; return y, x }

//go:noinline
func viaPointer(p *big) big { p.n = 100; q := *p; p.n = 200; return q }

func (b big) flipped() big { return flip(b) }
func (b *big) replace()    { *b = b.flipped() }

func named(x big) (r big) {
	r.n = 1
	defer func() { r.n += x.n }()
	r = x
	r.a, r.b = r.b, r.a
	return r
}

func show(b big) { fmt.Println(b.a[0], b.b[0], b.s, b.t, b.n) }

func main() {
	x := big{s: "s", t: "t", n: 1}
	x.a[0], x.b[0] = 10, 20
	y := x
	x = flip(x)
	show(x)
	x, y = both(x, y)
	show(x)
	show(y)
	x, x = both(x, y)
	show(x)
	x = big{x.b, x.a, x.t, x.s, x.n + 1}
	show(x)
	x.a, x.b = x.b, x.a
	show(x)
	x = viaPointer(&x)
	show(x)
	x.replace()
	show(x)
	p := &x
	*p = flip(*p)
	show(x)
	*p, y = y, *p
	show(x)
	m := map[string]big{"k": x}
	m["k"], m["l"] = flip(m["k"]), m["k"]
	show(m["k"])
	show(m["l"])
	arr := [3]big{x, y}
	arr[0], arr[1], arr[2] = arr[1], arr[2], arr[0]
	show(arr[0])
	show(arr[2])
	i := 0
	i, arr[i] = 1, flip(arr[i])
	show(arr[0])
	arr = [3]big{arr[2], arr[1], arr[0]}
	show(arr[0])
	show(named(x))
	x = named(x)
	show(x)
	var e any = x
	x = e.(big).flipped()
	show(e.(big))
	f := func() big { x.n = -7; return x }
	x = f()
	show(x)
	a := [4]int{1, 2, 3, 4}
	a = [4]int{a[3], a[2], a[1], a[0]}
	s := a[:]
	copy(s[1:], s)
	fmt.Println(a)
	s[0], s = 9, s[2:]
	fmt.Println(a, s)
	type pair struct{ l, r *pair }
	q := &pair{}
	q.l, q.r = q, &pair{l: q}
	*q = pair{q.r, q.l}
	fmt.Println(q.r == q, q.l.l == q)
	for x, y := range map[int]int{1: 2} {
		x, y = y, x
		fmt.Println(x, y)
	}
}
