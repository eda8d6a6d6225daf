// Unexported fields and methods of the same name in different packages are different:
// in embedding, interfaces, method sets, anonymous structs and type assertions.
package main

import (
	"fmt"

	"example.org/unexported/p"
)

type mine struct{ p.Base }

func (mine) secret() string { return "main's secret" }

type secretive interface{ secret() string }

type both struct {
	p.Base
	field int
}

type outer struct{ p.Hidden }

func main() {
	m := mine{p.New("base")}
	fmt.Println(m.secret(), m.Public(), p.Call(m))
	_, ok := any(m).(secretive)
	_, isP := any(m).(p.Secretive)
	fmt.Println(ok, isP, p.Is(m), p.Is(struct{}{}))
	_, baseIsMine := any(p.New("x")).(secretive)
	fmt.Println(baseIsMine)
	b := both{p.New("b"), 5}
	fmt.Println(b.field, b.Field(), b)
	var i p.Secretive = m
	fmt.Println(p.CallInterface(i))
	fmt.Printf("%T %T\n", p.Anonymous(), struct{ a int }{1})
	fmt.Println(any(p.Anonymous()) == any(struct{ a int }{1}), any(p.Exported()) == any(struct{ A int }{1}))
	o := outer{p.NewHidden(7)}
	o.Set(8)
	fmt.Println(o.Get(), o.Exposed)
	defer func() { fmt.Println(recover()) }()
	_ = any(other{}).(p.Secretive)
}

type other struct{}

func (other) secret() string { return "wrong package" }
func (other) Public() string { return "public" }
