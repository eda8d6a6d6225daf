// reflect: Call, CallSlice, Method, MakeFunc with all shapes of arguments and results.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

type Big struct {
	A, B, C, D, E int
	F             [3]string
}
type Small struct {
	X int8
	Y float32
}
type T struct{ n int }

func (t T) Val(a int, s string) string                 { return fmt.Sprint("val", t.n, a, s) }
func (t *T) Ptr(d ...int) (int, error)                 { t.n += len(d); return t.n, errors.New("e") }
func (t T) Big(b Big, f float64) (Big, float64, Small) { b.A += t.n; return b, f * 2, Small{1, 2} }

type I interface {
	Val(int, string) string
	Ptr(...int) (int, error)
}
type E struct {
	*T
	strings.Builder
}

func many(a int, b string, c float64, d []int, e any, f error, g Big, h Small, i complex128, j uint8, k func(int) int, l map[string]int, m *T) (int, string, float64, []int, any, error, Big, Small, complex128, uint8, func(int) int, map[string]int, *T) {
	return a + 1, b + "!", c * 2, append(d, 9), e, f, g, h, i * 2, j + 1, func(x int) int { return k(x) * 10 }, l, m
}
func floats(a, b, c, d, e, f, g, h, i, j float64, k float32) (float64, float32) {
	return a + b*2 + c*3 + d*4 + e*5 + f*6 + g*7 + h*8 + i*9 + j*10, k
}
func ints(a int8, b int16, c int32, d int64, e uint8, f uint16, g uint32, h uint64, i uintptr, j bool, k rune) string {
	return fmt.Sprint(a, b, c, d, e, f, g, h, i, j, k)
}
func mixed(s Small, a [1]int, b [2]int, c struct{}, d string, e [0]int, f struct{ I any }) string {
	return fmt.Sprint(s, a, b, c, d, e, f)
}

func vals(xs ...any) (r []reflect.Value) {
	for _, x := range xs {
		r = append(r, reflect.ValueOf(x))
	}
	return
}
func show(rs []reflect.Value) {
	for _, r := range rs {
		if r.Kind() == reflect.Func || r.Kind() == reflect.Pointer {
			fmt.Print(r.Type(), " ")
			continue
		}
		fmt.Printf("%v:%v ", r.Type(), r)
	}
	fmt.Println()
}
func try(f func()) {
	defer func() { fmt.Println("panic:", recover()) }()
	f()
}

func main() {
	t := &T{3}
	v := reflect.ValueOf(t)
	show(v.MethodByName("Val").Call(vals(1, "a")))
	show(v.MethodByName("Ptr").Call(vals(1, 2, 3)))
	show(v.MethodByName("Ptr").CallSlice(vals([]int{1})))
	show(v.Elem().MethodByName("Big").Call(vals(Big{A: 1, F: [3]string{"x", "y", "z"}}, 1.5)))
	show(v.Type().Method(0).Func.Call(append([]reflect.Value{v}, vals(Big{E: 5}, 2.5)...)))
	var i I = t
	iv := reflect.ValueOf(&i).Elem()
	show(iv.Method(1).Call(vals(5, "iface")))
	show(iv.MethodByName("Ptr").Call(nil))
	e := &E{T: t}
	ev := reflect.ValueOf(e)
	show(ev.MethodByName("Val").Call(vals(8, "promoted")))
	show(ev.MethodByName("WriteString").Call(vals("built")))
	fmt.Println(e.String(), ev.NumMethod())
	rs := reflect.ValueOf(many).Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf("s"), reflect.ValueOf(1.5), reflect.ValueOf([]int{1}), reflect.ValueOf(any(5)), reflect.ValueOf(errors.New("er")), reflect.ValueOf(Big{B: 2}), reflect.ValueOf(Small{3, 4}), reflect.ValueOf(1i), reflect.ValueOf(uint8(255)), reflect.ValueOf(func(x int) int { return x + 1 }), reflect.ValueOf(map[string]int{"a": 1}), v})
	show(rs)
	fmt.Println(rs[10].Call(vals(4))[0])
	show(reflect.ValueOf(floats).Call(vals(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, float32(11))))
	show(reflect.ValueOf(ints).Call(vals(int8(-1), int16(-2), int32(-3), int64(-4), uint8(5), uint16(6), uint32(7), uint64(8), uintptr(9), true, 'x')))
	show(reflect.ValueOf(mixed).Call(vals(Small{1, 2}, [1]int{3}, [2]int{4, 5}, struct{}{}, "str", [0]int{}, struct{ I any }{7})))
	show(reflect.ValueOf(fmt.Sprintf).Call(vals("%d-%s", 4, "x")))
	show(reflect.ValueOf(strings.Repeat).Call(vals("ab", 3)))

	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var is func(int, string) (string, int)
	reflect.ValueOf(&is).Elem().Set(reflect.MakeFunc(reflect.TypeOf(is), swap))
	fmt.Println(is(1, "one"))
	var bb func(Big, Small) (Small, Big)
	reflect.ValueOf(&bb).Elem().Set(reflect.MakeFunc(reflect.TypeOf(bb), swap))
	fmt.Println(bb(Big{C: 4, F: [3]string{"m", "n", "o"}}, Small{5, 6}))
	var ff func(float32, float64) (float64, float32)
	reflect.ValueOf(&ff).Elem().Set(reflect.MakeFunc(reflect.TypeOf(ff), swap))
	fmt.Println(ff(1.25, 2.5))
	mk := reflect.MakeFunc(reflect.TypeOf(many), func(in []reflect.Value) []reflect.Value {
		in[0] = reflect.ValueOf(1000)
		return in
	}).Interface().(func(int, string, float64, []int, any, error, Big, Small, complex128, uint8, func(int) int, map[string]int, *T) (int, string, float64, []int, any, error, Big, Small, complex128, uint8, func(int) int, map[string]int, *T))
	a, b, c, d, ee, f, g, h, ii, j, k, l, m := mk(1, "s", 2.5, []int{1}, "any", nil, Big{D: 4}, Small{}, 2i, 9, func(x int) int { return -x }, nil, t)
	fmt.Println(a, b, c, d, ee, f, g, h, ii, j, k(3), l, m == t)
	var variadic func(string, ...int) int
	reflect.ValueOf(&variadic).Elem().Set(reflect.MakeFunc(reflect.TypeOf(variadic), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(in[1].Len() + in[0].Len())}
	}))
	fmt.Println(variadic("abc", 1, 2, 3, 4))
	// Through a generated function: panic, recover, defer, method values, goroutines.
	var p func()
	reflect.ValueOf(&p).Elem().Set(reflect.MakeFunc(reflect.TypeOf(p), func([]reflect.Value) []reflect.Value { panic("made") }))
	try(p)
	try(func() { reflect.ValueOf(func() { panic("called") }).Call(nil) })
	mv := reflect.ValueOf(T{9}).MethodByName("Val").Interface().(func(int, string) string)
	fmt.Println(mv(2, "mv"))
	done := make(chan string)
	go reflect.ValueOf(func(s string) { done <- s }).Call(vals("go"))
	fmt.Println(<-done)
	func() {
		defer reflect.ValueOf(fmt.Println).Call(vals("deferred"))
		defer reflect.ValueOf(func() { fmt.Println("recovered", recover()) }).Call(nil)
	}()
	try(func() { reflect.ValueOf(is).Call(vals(1)) })
	try(func() { reflect.ValueOf(is).Call(vals(1, 2)) })
	try(func() { reflect.ValueOf(is).Call(vals(1, "a", 3)) })
	try(func() { reflect.ValueOf((func())(nil)).Call(nil) })
	try(func() { v.MethodByName("Nope").Call(nil) })
	try(func() { reflect.ValueOf(variadic).CallSlice(vals("a")) })
	bad := reflect.MakeFunc(reflect.TypeOf(func() int { return 0 }), func([]reflect.Value) []reflect.Value { return nil }).Interface().(func() int)
	try(func() { bad() })
	bad2 := reflect.MakeFunc(reflect.TypeOf(func() int { return 0 }), func([]reflect.Value) []reflect.Value { return vals("x") }).Interface().(func() int)
	try(func() { bad2() })
	// Deep recursion through reflection grows stacks.
	var fib func(int) int
	reflect.ValueOf(&fib).Elem().Set(reflect.MakeFunc(reflect.TypeOf(fib), func(in []reflect.Value) []reflect.Value {
		n := int(in[0].Int())
		if n == 0 {
			return vals(0)
		}
		return vals(n + fib(n-1))
	}))
	fmt.Println(fib(3000))
	var nilT *T
	try(func() { reflect.ValueOf(nilT).MethodByName("Val").Call(vals(1, "x")) })
}
