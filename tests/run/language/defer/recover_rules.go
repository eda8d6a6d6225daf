// When recover gives the panic's value: only called directly by a deferred function, not
// deeper, not through closures called inside, but through methods and function values.
package main

import "fmt"

type helper struct{ got any }

func (h *helper) recover()     { h.got = recover() }
func (h helper) valueRecover() { fmt.Println("value method:", recover()) }
func doRecover()               { fmt.Println("function:", recover()) }
func indirect()                { doRecover() }
func variadic(a ...any)        { fmt.Println("variadic:", recover(), len(a)) }
func generic[T any](v T)       { fmt.Println("generic:", recover(), v) }
func returns() (r any)         { return recover() }

type recoverer interface{ recover() }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "left it:", r)
		} else {
			fmt.Println(name, "ended")
		}
	}()
	f()
}

func main() {
	try("function", func() { defer doRecover(); panic(1) })
	try("indirect", func() { defer indirect(); panic(2) })
	try("closure", func() { defer func() { fmt.Println("closure:", recover()) }(); panic(3) })
	try("nested closure", func() { defer func() { func() { fmt.Println("nested:", recover()) }() }(); panic(4) })
	try("deferred in deferred", func() { defer func() { defer doRecover() }(); panic(5) })
	h := &helper{}
	try("method", func() { defer h.recover(); panic(6) })
	fmt.Println(h.got)
	try("value method", func() { defer h.valueRecover(); panic(7) })
	try("interface", func() { var r recoverer = h; defer r.recover(); panic(8) })
	fmt.Println(h.got)
	try("method value", func() { f := h.recover; defer f(); panic(9) })
	fmt.Println(h.got)
	try("method expression", func() { defer (*helper).recover(h); panic(10) })
	try("variadic", func() { defer variadic(1, 2); panic(11) })
	try("generic", func() { defer generic("T"); panic(12) })
	try("result ignored", func() { defer returns(); panic(13) })
	try("embedded", func() { e := struct{ *helper }{h}; defer e.recover(); panic(14) })
	try("embedded in interface", func() { e := struct{ recoverer }{h}; defer e.recover(); panic(15) })
	try("twice", func() {
		defer func() { fmt.Println("first:", recover(), "second:", recover()) }()
		panic(16)
	})
	try("two deferred", func() {
		defer func() { fmt.Println("the earlier one:", recover()) }()
		defer func() { fmt.Println("the later one:", recover()) }()
		panic(17)
	})
	try("no panic", func() { defer doRecover() })
	try("called plainly", func() { doRecover(); defer func() { doRecover() }(); panic(18) })
	try("literal with arguments", func() { defer func(s string) { fmt.Println(s, recover()) }("argument"); panic(19) })
	try("panic in deferred after recover", func() {
		defer func() { recover(); panic(fmt.Sprint("new")) }()
		panic(20)
	})
	try("in a goroutine's frame", func() {
		done := make(chan any)
		go func() {
			defer func() { done <- recover() }()
			panic(21)
		}()
		fmt.Println("goroutine:", <-done)
	})
}
