// Texts of run-time errors.
//
//test:stderr
package main

import "errors"

type E struct{}

func (E) Error() string { return "E!" }

type I interface{ M() }
type J interface{ N() }
type X int

func (X) M() {}

func try(name string, f func()) {
	defer func() {
		r := recover()
		if err, ok := r.(error); ok {
			println(name, "error:", err.Error())
		} else if s, ok := r.(string); ok {
			println(name, "string:", s)
		} else {
			println(name, "other", r == nil)
		}
	}()
	f()
}

//go:noinline
func callM(i I) { i.M() }

var zero int
var big = 100
var neg = -1

func main() {
	a := []int{1, 2, 3}
	var arr [4]int
	str := "hello"
	try("index", func() { _ = a[big] })
	try("indexneg", func() { _ = a[neg] })
	try("indexarr", func() { _ = arr[big] })
	try("indexstr", func() { _ = str[big] })
	try("indexU", func() { var u uint64 = 1 << 63; _ = a[u] })
	try("slice1", func() { _ = a[:big] })
	try("slice2", func() { _ = a[big:] })
	try("slice3", func() { _ = a[2:big:big] })
	try("slice4", func() { _ = a[:0:neg] })
	try("slice5", func() { i := 2; j := 1; _ = a[i:j] })
	try("slice6", func() { _ = str[big:] })
	try("slice7", func() { _ = str[:big] })
	try("slice8", func() { i := 3; j := 2; _ = a[0:i:j] })
	try("slice9", func() { _ = a[0:1:big] })
	try("sliceA", func() { i := 3; _ = a[i:1:2] })
	try("conv", func() { _ = [4]int(a) })
	try("convp", func() { _ = (*[4]int)(a) })
	try("div", func() { println(1 / zero) })
	try("shift", func() { println(1 << neg) })
	try("nil", func() { var p *[4]int; println(p[1]) })
	try("nilbig", func() { var p *[1 << 20]int; println(p[1<<19]) })
	try("nilmap", func() { var m map[string]int; m["a"] = 1 })
	try("unhash", func() { m := map[any]int{}; m[[]int{1}] = 1 })
	try("uncomp", func() { var x, y any = a, a; println(x == y) })
	try("uncompstruct", func() { var x, y any = struct{ f func() }{}, struct{ f func() }{}; println(x == y) })
	try("make", func() { println(len(make([]int, neg))) })
	try("makecap", func() { println(len(make([]int, 1, zero))) })
	try("makechan", func() { println(len(make(chan int, neg))) })
	try("close nil", func() { var c chan int; close(c) })
	try("close closed", func() { c := make(chan int); close(c); close(c) })
	try("send closed", func() { c := make(chan int); close(c); c <- 1 })
	try("assert1", func() { var x any = 1; println(x.(string)) })
	try("assert2", func() { var x any; println(x.(string)) })
	try("assert3", func() { var x any = X(1); x.(J).N() })
	try("assert4", func() { var x I = X(1); x.(J).N() })
	try("assert5", func() { var x I; _ = x.(X) })
	try("assert6", func() { var x any; x.(I).M() })
	try("panic str", func() { panic("boo") })
	try("panic err", func() { panic(errors.New("boo")) })
	try("panic nil", func() { panic(nil) })
	try("panic E", func() { panic(E{}) })
	try("valmeth", func() { callM((*X)(nil)) })
	try("nilfunc", func() { var f func(); f() })
	try("nilif", func() { var i I; i.M() })
	try("deferednil", func() { var f func(); defer f() })
}
