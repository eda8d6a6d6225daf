// runtime.Caller, Callers and CallersFrames through inlined functions, closures, methods, deferred
// calls, generics, wrappers, iterators and goroutines: names and lines.
package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

func here(skip int) string {
	pc, file, line, ok := runtime.Caller(skip + 1)
	return fmt.Sprint(runtime.FuncForPC(pc).Name(), " ", filepath.Base(file), " ", line, " ", ok)
}

func small() string  { return here(0) }
func smaller() string { return small() }
func chain() []string {
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	var out []string
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") {
			out = append(out, fmt.Sprint(f.Function, ":", f.Line))
		}
		if !more {
			return out
		}
	}
}

type t struct{ n int }

func (t t) value() []string    { return chain() }
func (t *t) pointer() []string { return chain() }

type iface interface{ value() []string }
type embeds struct{ *t }
type gen[T any] struct{ x T }

func (g gen[T]) method() []string             { return chain() }
func (g *gen[T]) apply(f func(T) []string) []string { return f(g.x) }
func generic[K comparable, V any](k K, v V) []string { return chain() }

func deferred() (out []string) {
	defer func() {
		out = chain()
	}()
	return nil
}

func panicking() (out []string) {
	defer func() {
		recover()
		out = chain()
	}()
	var p *t
	_ = p.n
	return nil
}

func multi(
	a []string,
	b string,
) string {
	return fmt.Sprint(a, b,
		here(0))
}

func seq(yield func([]string) bool) { yield(chain()) }

var global = chain()

var table = []func() []string{
	chain,
	func() []string { return chain() },
}

func init() { fmt.Println("init", chain()) }
func init() { fmt.Println("init", chain()) }

func main() {
	fmt.Println(here(0))
	fmt.Println(small(), smaller())
	fmt.Println(here(1)[:12], here(50))
	fmt.Println(chain())
	v := t{1}
	fmt.Println(v.value(), v.pointer(), (&v).value())
	var i iface = &v
	fmt.Println(i.value(), embeds{&v}.value(), iface(embeds{&v}).value())
	f, g := v.value, (*t).pointer
	fmt.Println(f(), g(&v), iface.value(i))
	fmt.Println(gen[int]{}.method(), (&gen[string]{}).apply(func(string) []string { return chain() }), generic(1, "a"), generic[string, []int]("", nil))
	fmt.Println(deferred(), panicking())
	fmt.Println(multi(
		chain(),
		here(0),
	))
	for x := range seq {
		fmt.Println(x, chain())
	}
	fmt.Println(global)
	for _, f := range table {
		fmt.Println(f())
	}
	done := make(chan []string)
	go func() { done <- chain() }()
	fmt.Println(<-done)
	go v.send(done)
	fmt.Println(<-done)
	for i := range 2 {
		defer func() { fmt.Println("deferred", i, chain()) }()
	}
	type local struct{ t }
	fmt.Println(local{}.value(), runtime.FuncForPC(0) == nil)
	stack := string(debug.Stack())
	fmt.Println(strings.Count(stack, "main.main()"), strings.HasPrefix(stack, "goroutine 1 [running]:\nruntime/debug.Stack("))
	//line other.go:1000
	fmt.Println(here(0))
	/*line third.go:7:9*/ fmt.Println(here(0))
	//line /abs/path/x.go:3
	fmt.Println(here(0))
	//line sub/dir/y.go:20
	fmt.Println(here(0))
}

func (t t) send(c chan []string) { c <- chain() }
