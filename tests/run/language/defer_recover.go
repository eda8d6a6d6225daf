// Where recover works and where it does not, and what the caller sees afterwards.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

func catch(what string, f func()) {
	defer func() {
		fmt.Printf("%s: %v\n", what, recover())
	}()
	f()
	fmt.Printf("%s: returned\n", what)
}

// Named results, changed by deferred functions of every kind.

func named() (n int, s string, err error) {
	defer func() {
		n *= 2
		s += "!"
		if e := recover(); e != nil {
			err = fmt.Errorf("recovered %v", e)
		}
	}()
	n, s = 21, "hello"
	panic("named")
}

func unnamed(p bool) (int, string) {
	defer func() { recover() }()
	if p {
		panic(1)
	}
	return 7, "seven"
}

// The result was set by return; the panic comes from a deferred call.
func afterReturn() (n int) {
	defer func() { recover() }()
	defer func() {
		n++
		panic("late")
	}()
	return 41
}

type big struct {
	a [20]int
	s string
}

func bigResult(p bool) (b big, n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			b.a[3] = 3
			err = errors.New("big")
		}
	}()
	b.a[19] = 19
	b.s = "set"
	n = 5
	if p {
		panic("x")
	}
	return b, 6, nil
}

func manyResults() (a, b, c, d, e, f, g, h, i int, s string) {
	defer func() { recover(); i = 9; s = "many" }()
	a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
	panic(0)
}

// Parameters and locals stay what they were for the deferred functions.
func locals(x int, words ...string) (out string) {
	y := x * 2
	z := []int{x, y}
	defer func() {
		r := recover()
		out = fmt.Sprint(x, y, z, words, r)
	}()
	for i := range 3 {
		y += i
		z = append(z, y)
	}
	var m map[string]int
	m["a"] = y
	return "not here"
}

// Illegal places.

func helper() any { return recover() }

func viaHelper() {
	defer func() {
		if helper() != nil {
			fmt.Println("BAD: helper recovered")
		}
	}()
	panic("helper")
}

func nestedLiteral() {
	defer func() {
		func() {
			if recover() != nil {
				fmt.Println("BAD: nested literal recovered")
			}
		}()
	}()
	panic("nested literal")
}

func deferInDeferred() {
	defer func() {
		defer func() {
			fmt.Println("inner deferred:", recover())
		}()
	}()
	panic("outer")
}

func directRecover() {
	defer recover()
	panic("direct")
}

func deferredTwice() {
	defer func() { fmt.Println("second:", recover()) }()
	defer func() { fmt.Println("first:", recover()) }()
	panic("twice")
}

func recoverTwice() {
	defer func() {
		fmt.Println(recover(), recover())
	}()
	panic("once")
}

// Legal ones that are no literals.

type T struct{ name string }

func (t T) value()         { fmt.Println("value", t.name, recover()) }
func (t *T) pointer()      { fmt.Println("pointer", t.name, recover()) }
func (t *T) arg(x, y int)  { fmt.Println("arg", t.name, x, y, recover()) }
func plain(args ...string) { fmt.Println("plain", args, recover()) }

type I interface{ pointer() }
type J interface{ value() }
type outer struct{ *T }
type outer2 struct{ outer }

func methods() {
	t := &T{"t"}
	for i := range 9 {
		func() {
			switch i {
			case 0:
				defer t.value()
			case 1:
				defer t.pointer()
			case 2:
				defer t.arg(1, 2)
			case 3:
				defer I(t).pointer()
			case 4:
				defer J(t).value()
			case 5:
				defer plain("a", "b")
			case 6:
				f := t.pointer
				defer f()
			case 7:
				defer outer2{outer{t}}.value()
			case 8:
				defer J(outer2{outer{t}}).value()
			}
			panic(i)
		}()
	}
	func() {
		defer (*T).pointer(t)
		panic("expression")
	}()
	func() {
		defer func(x int, s string) { fmt.Println(x, s, recover()) }(4, "four")
		panic("literal with arguments")
	}()
	func() {
		k := 3
		defer func(x int) { k += x; fmt.Println(k, recover()) }(4)
		k = 30
		panic("capturing literal with arguments")
	}()
}

// Values.

func values() {
	catch("nil", func() { panic(nil) })
	catch("error", func() { panic(errors.New("e")) })
	catch("runtime", func() {
		var p *int
		*p = 1
	})
	catch("index", func() {
		s := []int{1}
		i := 5
		_ = s[i]
	})
	catch("divide", func() {
		z := 0
		fmt.Println(1 / z)
	})
	catch("type", func() {
		var x any = "s"
		_ = x.(int)
	})
	catch("close", func() {
		var c chan int
		close(c)
	})
	catch("goexit in deferred", func() {
		done := make(chan bool)
		go func() {
			defer close(done)
			defer func() { fmt.Println("goexit sees", recover()) }()
			defer runtime.Goexit()
			panic("lost")
		}()
		<-done
	})
}

// A function that has recovered can be left and entered again, and panic again.
func again(n int) (trail string) {
	defer func() {
		if r := recover(); r != nil {
			trail = fmt.Sprint(r, " ", trail)
		}
	}()
	if n > 0 {
		trail = again(n - 1)
	}
	panic(n)
}

// A panic while deferred calls run because of a recovered panic.
func panicAfterRecover() (s string) {
	defer func() { s = fmt.Sprint("outer ", recover()) }()
	defer func() { panic("second") }()
	defer func() { fmt.Println("first:", recover()) }()
	panic("first")
}

func replaced() {
	defer func() {
		r := recover()
		fmt.Println("got", r)
	}()
	defer func() { panic("replacing") }()
	panic("replaced")
}

func repanic() {
	defer func() { fmt.Println("outermost", recover()) }()
	func() {
		defer func() {
			r := recover()
			panic(fmt.Sprint("again ", r))
		}()
		panic("original")
	}()
}

//go:noinline
func deep(n int, f func()) int {
	if n == 0 {
		f()
		return 0
	}
	var pad [100]int
	pad[n%100] = n
	return deep(n-1, f) + pad[n%100]
}

func manySegments() {
	for _, n := range []int{10, 100, 1000, 5000} {
		func() {
			defer func() { fmt.Println(n, recover()) }()
			deep(n, func() { panic("deep") })
		}()
	}
}

func inLoop() {
	sum := 0
	for i := range 1000 {
		func() {
			defer func() {
				if r := recover(); r != nil {
					sum += r.(int)
				}
			}()
			if i%3 == 0 {
				panic(i)
			}
		}()
	}
	fmt.Println("sum", sum)
}

func generic[E any](x E) (out []E, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v in %T", r, out)
			out = append(out, x)
		}
	}()
	out = append(out, x)
	panic("generic")
}

func callers() {
	defer func() {
		recover()
		var pcs [20]uintptr
		frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
		for {
			f, more := frames.Next()
			if strings.HasPrefix(f.Function, "main.") {
				fmt.Println(f.Function)
			}
			if !more {
				break
			}
		}
	}()
	panic("callers")
}

// What is deferred before the recovering call runs after it, in the same frame.
func rest() (n int) {
	x := 1
	defer func() { n += x }()
	defer fmt.Println("rest", x)
	defer func() { recover(); x = 10; n = 100 }()
	x = 5
	panic("rest")
}

func main() {
	fmt.Println(named())
	fmt.Println(unnamed(true))
	fmt.Println(unnamed(false))
	fmt.Println(afterReturn())
	fmt.Println(bigResult(true))
	fmt.Println(bigResult(false))
	fmt.Println(manyResults())
	fmt.Println(locals(3, "a", "b"))
	catch("via helper", viaHelper)
	catch("nested literal", nestedLiteral)
	catch("deferred in deferred", deferInDeferred)
	catch("direct", directRecover)
	deferredTwice()
	recoverTwice()
	methods()
	values()
	fmt.Println(again(5))
	fmt.Println(panicAfterRecover())
	replaced()
	repanic()
	manySegments()
	inLoop()
	fmt.Println(generic(3))
	fmt.Println(generic("g"))
	callers()
	fmt.Println(rest())
}
