// Logical call stacks: inlined calls, wrappers, generic names, deferred calls.
package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

func where() string {
	_, f, l, ok := runtime.Caller(1)
	return fmt.Sprint(filepath.Base(f), ":", l, " ", ok)
}
func small() string { return where() }
func G[T any](x T) string {
	pc, _, l, _ := runtime.Caller(0)
	return fmt.Sprint(runtime.FuncForPC(pc).Name(), l)
}

type T struct{}

func (T) M() []string  { return stack() }
func (*T) P() []string { return stack() }
func stack() (r []string) {
	pcs := make([]uintptr, 20)
	n := runtime.Callers(0, pcs)
	fr := runtime.CallersFrames(pcs[:n])
	for {
		f, more := fr.Next()
		if strings.HasPrefix(f.Function, "main.") {
			r = append(r, fmt.Sprint(f.Function, ":", f.Line))
		}
		if !more {
			break
		}
	}
	return
}
func main() {
	fmt.Println(where())
	fmt.Println(small())
	fmt.Println(G(1), G("x"))
	fmt.Println(T{}.M(), (&T{}).P())
	func() { fmt.Println(stack()) }()
	var i interface{ M() []string } = &T{}
	fmt.Println(i.M())
	defer func() { recover(); fmt.Println(stack()) }()
	panic(1)
}
