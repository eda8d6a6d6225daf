// What functions without a name of their own are called: literals in bodies of ranges over
// functions, method values and expressions; and what stands between a call by reflection and the
// function called.
package main

import (
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"sync"
)

//go:noinline
func name() string {
	pc := make([]uintptr, 1)
	runtime.Callers(2, pc)
	f, _ := runtime.CallersFrames(pc).Next()
	return f.Function
}

//go:noinline
func stack() string {
	pcs := make([]uintptr, 30)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var names []string
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			names = append(names, f.Function)
		}
		if !more {
			return strings.Join(names, " < ")
		}
	}
}

//go:noinline
func seq(yield func(int) bool) { yield(1) }

//go:noinline
func run(f func()) { f() }

func ranges() {
	run(func() { fmt.Println(name()) })
	for range seq {
		run(func() { fmt.Println(name()); run(func() { fmt.Println(name()) }) })
		run(func() { fmt.Println(name()) })
		for range seq {
			fmt.Println(name())
			run(func() { fmt.Println(name()) })
			for range seq {
				fmt.Println(name())
				run(func() { fmt.Println(name()) })
			}
		}
		for range seq {
			fmt.Println(name())
			run(func() { fmt.Println(name()) })
		}
		defer func() { fmt.Println(name()) }()
	}
	for range seq {
		fmt.Println(name())
		run(func() { fmt.Println(name()) })
	}
	run(func() {
		for range seq {
			fmt.Println(name())
			run(func() { fmt.Println(name()) })
		}
		for range seq {
			run(func() { fmt.Println(name()) })
		}
		run(func() { fmt.Println(name()) })
	})
	run(func() { fmt.Println(name()) })
}

type T struct{ n int }

func (t T) Value() string    { return stack() }
func (t *T) Pointer() string { return stack() }
func (t *T) hidden()         {}

type E struct{ *T }
type G[K comparable, V any] struct{}

func (G[K, V]) Value()    {}
func (*G[K, V]) Pointer() {}

type I interface{ Value() string }

func values() {
	var wg sync.WaitGroup
	var t T
	var i I = t
	for _, f := range []any{
		wg.Go, wg.Wait, http.DefaultClient.Get, t.Value, t.Pointer, (&t).Value, t.hidden,
		E{&t}.Value, E{&t}.Pointer, (&E{&t}).Pointer, i.Value, new(G[int, string]).Pointer, G[string, T]{}.Value,
		T.Value, (*T).Pointer, (*T).Value, E.Value, I.Value,
	} {
		fmt.Println(runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name())
	}
}

func reflected() {
	v := reflect.ValueOf(&T{})
	fmt.Println(v.MethodByName("Value").Call(nil)[0])
	fmt.Println(v.MethodByName("Pointer").Call(nil)[0])
	fmt.Println(reflect.ValueOf(stack).Call(nil)[0])
	fmt.Println(v.MethodByName("Pointer").Interface().(func() string)())
	made := reflect.MakeFunc(reflect.TypeFor[func() string](), func([]reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(stack())}
	})
	fmt.Println(made.Interface().(func() string)())
	fmt.Println(made.Call(nil)[0])
}

// inlined gives its caller's name by the address of the call, which may be the last thing that
// its function does before that of another goes on.
func inlined() string {
	pc, _, _, _ := runtime.Caller(1)
	return runtime.FuncForPC(pc).Name()
}

func middle() string        { return inlined() }
func around() (a, b string) { return middle(), middle() }

//go:noinline
func alloc(n int) []byte { return append(make([]byte, n), middle()...) }

func main() {
	ranges()
	values()
	reflected()
	fmt.Println(around())
	fmt.Println(string(alloc(0)))
}
