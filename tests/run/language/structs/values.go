// Struct values: copies, nested assignment, literals with and without names, anonymous
// types, pointers to fields, large ones as parameters and results.
package main

import "fmt"

type vec struct{ x, y, z float64 }
type line struct {
	from, to vec
	label    struct {
		text string
		size int
	}
}
type large struct {
	id   int
	data [50]int
	next *large
}

func (v vec) scale(f float64) vec { v.x *= f; v.y *= f; v.z *= f; return v }
func (v *vec) grow(f float64)     { *v = v.scale(f) }

func make1(id int) (l large)              { l.id = id; l.data[id] = id; return }
func update(l large, i, v int) large      { l.data[i] = v; return l }
func both(a, b large) (large, large, int) { return b, a, a.id + b.id }
func swap(a, b *large)                    { *a, *b = *b, *a }

func main() {
	a := line{from: vec{1, 2, 3}}
	b := a
	b.from.x = 100
	b.label.text = "b"
	b.label.size += 5
	fmt.Println(a, b, a == b)
	p := &a.from.y
	*p = 20
	q := &a.to
	q.z = 30
	q.grow(2)
	fmt.Println(a, *p, a.from.scale(0.5), vec{y: 1}.scale(3))
	c := *q
	c.z = 0
	fmt.Println(c, *q)
	l := make1(3)
	m := update(l, 4, 44)
	fmt.Println(l.data[3], l.data[4], m.data[4], m.id)
	x, y, sum := both(l, make1(5))
	fmt.Println(x.id, y.id, sum)
	swap(&x, &y)
	fmt.Println(x.id, y.id, x.data[3], y.data[5])
	x.next = &y
	x.next.next = &x
	x.next.next.id = 99
	fmt.Println(x.id, y.next.id)
	x = *x.next
	fmt.Println(x.id, x.next == &x)
	anon := []struct {
		name string
		v    vec
	}{{"one", vec{1, 1, 1}}, {name: "two"}}
	for _, e := range anon {
		e.v.x = 50
	}
	for i := range anon {
		anon[i].v.y++
	}
	fmt.Println(anon)
	m2 := map[string]vec{"k": {1, 2, 3}}
	v := m2["k"]
	v.x = 9
	fmt.Println(m2["k"], v, m2["k"].scale(2), m2["none"].x)
	var i any = a
	a.from.x = -1
	fmt.Println(i.(line).from.x, a.from.x)
	f := func() (r struct{ a, b int }) { r.a = 1; return }
	fmt.Println(f().a, f(), struct{ n int }{5}.n, (&vec{7, 8, 9}).y)
	var arr [3]line
	arr[1].to.x = 4
	arr[2] = arr[1]
	arr[2].to.x++
	fmt.Println(arr[0].to.x, arr[1].to.x, arr[2].to.x)
	a, b = b, a
	a.from, a.to = a.to, a.from
	fmt.Println(a.from, a.to, b.from)
}
