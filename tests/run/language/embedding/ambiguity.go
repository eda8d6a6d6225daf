// Selectors when several embedded types offer a name: the shallowest wins, equal depths
// cancel out and hide deeper ones, and interfaces are then not satisfied.
package main

import "fmt"

type a struct{ v, only string }
type b struct{ v string }
type deep struct{ v, w string }
type holder struct{ deep }

func (a) M() string    { return "a.M" }
func (b) M() string    { return "b.M" }
func (deep) M() string { return "deep.M" }
func (deep) N() string { return "deep.N" }
func (a) Both() string { return "a.Both" }

type ambiguous struct {
	a
	b
	holder
}

type resolved struct {
	a
	b
	v string
}

func (resolved) M() string { return "resolved.M" }

type layered struct {
	holder
	b
}

type fieldAgainstMethod struct {
	deep
	inner
}
type inner struct{ N int }

type (
	mer   interface{ M() string }
	ner   interface{ N() string }
	bther interface{ Both() string }
)

type diamond struct {
	left
	right
}
type left struct{ *shared }
type right struct{ *shared }
type shared struct{ count int }

func (s *shared) inc() { s.count++ }

func main() {
	x := ambiguous{a{"av", "only"}, b{"bv"}, holder{deep{"dv", "dw"}}}
	fmt.Println(x.a.v, x.b.v, x.only, x.deep.v, x.w, x.Both(), x.N(), x.a.M(), x.b.M())
	_, isM := any(x).(mer)
	_, isN := any(x).(ner)
	_, isB := any(x).(bther)
	fmt.Println(isM, isN, isB)
	y := resolved{a{v: "av"}, b{"bv"}, "rv"}
	_, isM = any(y).(mer)
	fmt.Println(y.v, y.M(), y.a.M(), y.only, isM)
	z := layered{holder{deep{"dv", "dw"}}, b{"bv"}}
	fmt.Println(z.v, z.w, z.M(), z.N(), any(z).(mer).M())
	f := fieldAgainstMethod{}
	f.inner.N = 3
	_, isN = any(f).(ner)
	fmt.Println(f.inner.N, f.deep.N(), isN)
	s := &shared{}
	d := diamond{left{s}, right{s}}
	d.left.inc()
	d.right.inc()
	fmt.Println(d.left.count, d.right.count, d.left.shared == d.right.shared)
	fmt.Printf("%+v\n", x)
}
