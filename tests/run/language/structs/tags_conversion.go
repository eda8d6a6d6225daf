// Conversions between struct types: tags ignored, pointers to them, nested, unexported
// fields, slices of named types; identity of anonymous structs.
package main

import (
	"fmt"
	"reflect"
)

type plain struct {
	A int
	b string
}
type tagged struct {
	A int    `json:"a" xml:"x"`
	b string `hidden:"yes"`
}
type deep struct {
	P plain
	L []int
}
type deep2 struct {
	P plain `t:"1"`
	L []int `t:"2"`
}
type fn func(plain) int

func (p plain) Sum() int            { return p.A + len(p.b) }
func (t *tagged) Grow()             { t.A *= 10 }
func take(s struct{ X, Y int }) int { return s.X*10 + s.Y }

type point struct{ X, Y int }

func main() {
	p := plain{1, "two"}
	t := tagged(p)
	t.Grow()
	fmt.Println(p, t, plain(t).Sum(), p == plain(tagged(p)))
	pt := (*tagged)(&p)
	pt.Grow()
	fmt.Println(p, (*plain)(pt).Sum())
	d := deep{p, []int{1}}
	d2 := deep2(d)
	d2.L[0] = 9
	fmt.Println(d, d2)
	fmt.Println(take(point{1, 2}), take(struct{ X, Y int }{3, 4}), point(struct{ X, Y int }{5, 6}))
	anon := struct{ X, Y int }{7, 8}
	var q point = anon
	anon = q
	var i any = anon
	_, isPoint := i.(point)
	s, isAnon := i.(struct{ X, Y int })
	fmt.Println(q, isPoint, isAnon, s.X)
	f := fn(plain.Sum)
	g := (func(plain) int)(f)
	fmt.Println(f(p), g(p))
	field, _ := reflect.TypeOf(t).FieldByName("A")
	fmt.Println(field.Tag.Get("json"), field.Tag.Get("xml"), field.Tag.Get("none") == "", reflect.TypeOf(p) == reflect.TypeOf(plain(t)))
	one := struct {
		A int `k:"1"`
	}{1}
	two := struct {
		A int `k:"2"`
	}{1}
	fmt.Println(any(one) == any(two), struct{ A int }(one) == struct{ A int }(two))
	type ints []int
	type mine ints
	x := ints{1, 2}
	y := mine(x)
	y[0] = 50
	var z []int = x
	fmt.Println(x, y, z, ints(z)[1])
}
