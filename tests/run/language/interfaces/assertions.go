// Type assertions of every kind with their panic texts: missing methods, pointer
// receivers, same names in different scopes, unexported methods, generic types.
package main

import "fmt"

type (
	a  interface{ A() }
	b  interface{ B(int) string }
	ab interface {
		a
		b
	}
	hidden     interface{ private() }
	onlyA      struct{}
	both       struct{ n int }
	ptr        struct{}
	wrong      struct{}
	gen[T any] struct{ v T }
)

func (onlyA) A()              {}
func (both) A()               {}
func (x both) B(n int) string { return fmt.Sprint(x.n + n) }
func (*ptr) A()               {}
func (wrong) B() string       { return "" }
func (gen[T]) A()             {}
func (onlyA) private()        {}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "|", r)
		}
	}()
	f()
}

func main() {
	var e any = both{1}
	fmt.Println(e.(ab).B(2), e.(both).n, e.(a) != nil)
	try("missing", func() { any(onlyA{}).(b).B(1) })
	try("missing of two", func() { _ = any(onlyA{}).(ab) })
	try("pointer receiver", func() { _ = any(ptr{}).(a) })
	try("wrong signature", func() { _ = any(wrong{}).(b) })
	try("no methods", func() { _ = any(5).(a) })
	try("nil any", func() { _ = any(nil).(a) })
	try("nil to concrete", func() { _ = any(nil).(both) })
	try("nil a", func() { var x a; _ = x.(ab) })
	try("nil a to concrete", func() { var x a; _ = x.(both) })
	try("a to concrete", func() { var x a = onlyA{}; _ = x.(both) })
	try("to pointer", func() { _ = any(both{}).(*both) })
	try("from pointer", func() { _ = any(&both{}).(both) })
	try("named from basic", func() { type my int; _ = any(1).(my) })
	try("basic from named", func() { type my int; _ = any(my(1)).(int) })
	try("generic", func() { _ = any(gen[int]{}).(gen[string]) })
	try("generic pointer", func() { _ = any(&gen[[]int]{}).(*gen[map[string]int]) })
	try("unexported", func() { _ = any(both{}).(hidden) })
	try("func", func() { _ = any(func(int) {}).(func(string)) })
	try("slices", func() { _ = any([]int{}).([]any) })
	try("maps", func() { _ = any(map[string]int{}).(map[string]any) })
	try("struct", func() { _ = any(struct{ a int }{}).(struct{ b int }) })
	try("arrays", func() { _ = any([2]int{}).([3]int) })
	try("channels", func() { _ = any(make(chan int)).(<-chan int) })
	try("anonymous interface", func() {
		_ = any(1).(interface {
			M()
			N()
		})
	})
	try("local types", func() {
		type t struct{}
		v := any(t{})
		{
			type t struct{}
			_ = v.(t)
		}
	})
	for _, v := range []any{both{}, onlyA{}, &ptr{}, nil, 3, &both{}} {
		_, isA := v.(a)
		_, isB := v.(b)
		x, isBoth := v.(both)
		p, isPtr := v.(*ptr)
		_, isErr := v.(error)
		fmt.Print(isA, isB, isBoth, x, isPtr, p == nil, isErr, "; ")
	}
	fmt.Println()
}
