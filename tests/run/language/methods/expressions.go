// Method expressions: T.M, (*T).M, interface methods, promoted and generic ones; variadic.
package main

import (
	"fmt"
	"strings"
)

type shape interface {
	area() int
	scale(k int) shape
}
type square struct{ side int }

func (s square) area() int         { return s.side * s.side }
func (s square) scale(k int) shape { return square{s.side * k} }
func (s *square) set(n int) int    { s.side = n; return n }
func (square) all(ns ...int) int   { return len(ns) }

type named struct {
	*square
	name string
}
type box[T any] struct{ v T }

func (b box[T]) get() T                  { return b.v }
func (b *box[T]) put(v T) *box[T]        { b.v = v; return b }
func apply[R, A any](f func(R) A, r R) A { return f(r) }

func main() {
	s := square{3}
	fmt.Println(square.area(s), (*square).area(&s), shape.area(s), shape.scale(s, 2).area())
	set := (*square).set
	fmt.Println(set(&s, 5), s, square.all(s, 1, 2), square.all(s), square.all(s, []int{1, 2, 3}...))
	n := named{&s, "n"}
	fmt.Println(named.area(n), (*named).area(&n), named.set(n, 6), s.side)
	fmt.Printf("%T %T %T %T\n", square.area, (*square).set, shape.scale, named.set)
	b := box[string]{"in"}
	fmt.Println(box[string].get(b), (*box[string]).put(&b, "out").get(), apply(box[int].get, box[int]{9}))
	fmt.Println(apply(square.area, s), apply(shape.area, shape(s)), apply(strings.ToUpper, "up"))
	table := map[string]func(shape) int{"area": shape.area, "double": func(s shape) int { return 2 * s.area() }}
	fmt.Println(table["area"](s), table["double"](square{1}))
	var f func(square) int = square.area
	g := f
	fmt.Println(f != nil, g(square{2}))
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println((*square).area(nil))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(shape.area(nil))
	}()
	length := (*strings.Builder).Len
	var sb strings.Builder
	(*strings.Builder).WriteString(&sb, "12345")
	fmt.Println(length(&sb), interface{ String() string }.String(&sb))
	counts := func(fs ...func(*square, int) int) (total int) {
		for _, f := range fs {
			total += f(&s, 7)
		}
		return
	}
	fmt.Println(counts((*square).set, func(s *square, n int) int { return s.set(n + 1) }), s.side)
}
