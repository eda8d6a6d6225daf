// Promoted fields and methods: through values, pointers and several levels; shadowing by
// depth; method sets that result; interfaces satisfied by promotion.
package main

import "fmt"

type base struct {
	id   int
	name string
}

func (b base) Describe() string { return fmt.Sprintf("base %d %s", b.id, b.name) }
func (b *base) Rename(s string) { b.name = s }
func (b base) Kind() string     { return "base" }

type middle struct {
	*base
	level int
}

func (m middle) Kind() string { return "middle over " + m.base.Kind() }

type top struct {
	middle
	name string
}

type other struct{ id, extra int }

type both struct {
	base
	other
	id string
}

type describer interface {
	Describe() string
	Kind() string
}
type renamer interface{ Rename(string) }

func main() {
	t := top{middle{&base{1, "inner"}, 2}, "outer"}
	fmt.Println(t.id, t.name, t.middle.name, t.base.name, t.level, t.Kind(), t.Describe())
	t.Rename("changed")
	t.id = 10
	fmt.Println(t.name, t.middle.base.name, t.Describe(), t.middle.Kind(), t.base.Kind())
	copied := t
	copied.Rename("shared")
	fmt.Println(t.Describe())
	b := both{base{1, "b"}, other{2, 3}, "own"}
	fmt.Println(b.id, b.base.id, b.other.id, b.extra, b.name, b.Describe())
	b.Rename("renamed")
	fmt.Println(b.name)
	var d describer = t
	_, isRenamer := d.(renamer)
	fmt.Println(d.Kind(), isRenamer)
	d = b
	_, isRenamer = d.(renamer)
	fmt.Println(d.Kind(), isRenamer)
	d = &b
	r, isRenamer := d.(renamer)
	r.Rename("through interface")
	fmt.Println(isRenamer, b.name, d.Describe())
	f := t.Rename
	g := top.Describe
	h := (*both).Rename
	f("method value")
	h(&b, "method expression")
	fmt.Println(t.base.name, g(t), b.name)
	k := b.Describe
	b.Rename("after")
	fmt.Println(k(), b.Describe())
	var empty top
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		fmt.Println(empty.level, empty.name)
		fmt.Println(empty.id)
	}()
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		_ = empty.Describe
	}()
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		f := empty.Rename
		fmt.Println("bound")
		f("x")
	}()
	anonymous := struct {
		*both
		string
		int
	}{&b, "s", 5}
	fmt.Println(anonymous.name, anonymous.string, anonymous.int, anonymous.both.other.id, anonymous.extra)
}
