// The values of run-time panics: their texts, that they are runtime.Error and error, that
// errors.As finds them, for every kind of check.
package main

import (
	"errors"
	"fmt"
	"runtime"
)

type iface interface{ M() }
type impl struct{}

func (impl) M() {}

type lacks struct{}

func (*lacks) M() {}

func catch(name string, f func()) {
	defer func() {
		r := recover()
		e, ok := r.(runtime.Error)
		fmt.Printf("%s: %v | runtime.Error %v", name, r, ok)
		if ok {
			var target runtime.Error
			var assertion *runtime.TypeAssertionError
			fmt.Printf(" %v %v", errors.As(fmt.Errorf("w: %w", e), &target), errors.As(e, &assertion))
		}
		fmt.Println()
	}()
	f()
}

func main() {
	var (
		zero, neg, five = 0, -1, 5
		s               = []int{1, 2, 3}
		m               map[string]int
		p               *struct{ a, b int }
		i               any
		x               iface
		f               func()
		c               chan int
		str             = "abc"
	)
	catch("divide", func() { fmt.Println(1 / zero) })
	catch("modulo", func() { fmt.Println(uint8(1) % uint8(zero)) })
	catch("index", func() { s[five] = 1 })
	catch("slice", func() { _ = s[five:] })
	catch("string index", func() { _ = str[five] })
	catch("string slice", func() { _ = str[2 : 1+zero] })
	catch("nil map", func() { m["a"] = 1 })
	catch("nil pointer", func() { p.b = 1 })
	catch("nil function", func() { f() })
	catch("nil interface method", func() { x.M() })
	catch("assert nil to concrete", func() { _ = i.(int) })
	catch("assert nil to interface", func() { _ = i.(iface) })
	i = "text"
	catch("assert wrong concrete", func() { _ = i.(int) })
	catch("assert missing method", func() { _ = i.(iface) })
	catch("assert pointer receiver", func() { i = lacks{}; _ = i.(iface) })
	x = impl{}
	catch("assert interface to concrete", func() { _ = x.(*lacks) })
	catch("assert interface to interface", func() { _ = x.(fmt.Stringer) })
	catch("make negative", func() { _ = make([]int, neg) })
	catch("make channel", func() { _ = make(chan int, neg) })
	catch("shift", func() { _ = 1 << neg })
	catch("close nil", func() { close(c) })
	c = make(chan int)
	close(c)
	catch("close closed", func() { close(c) })
	catch("send closed", func() { c <- 1 })
	catch("compare", func() { i = s; fmt.Println(i == any(s)) })
	catch("hash", func() { fmt.Println(map[any]int{}[s]) })
	catch("array", func() { _ = [4]int(s) })
	catch("nil panic", func() { panic(nil) })
	catch("own", func() { panic(errors.New("own error")) })
	catch("address", func() { _ = *(*[2]int)(nil) })
}
