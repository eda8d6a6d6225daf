// What stands behind the names of functions in dumps: nothing in the parentheses of one without
// parameters, something in the others'.
package main

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
)

type T struct{ a int }

//go:noinline
func (t *T) pointer() { dump() }

//go:noinline
func (t T) value() { dump() }

//go:noinline
func none() { dump() }

//go:noinline
func blank(_ int) { dump() }

//go:noinline
func generic[P any]() { dump() }

//go:noinline
func generic1[P any](x P) { dump() }

//go:noinline
func results() (a int, b string) { dump(); return 1, "" }

//go:noinline
func area() (r [10]int) { dump(); return }

//go:noinline
func variadic(x ...int) { dump() }

//go:noinline
func deferring() {
	defer func() { recover() }()
	dump()
}

//go:noinline
func call(f func()) { f() }

//go:noinline
func seq(yield func() bool) { yield() }

var arguments = regexp.MustCompile(`\(.+\)$`)

//go:noinline
func dump() {
	b := make([]byte, 1<<16)
	for line := range strings.Lines(string(b[:runtime.Stack(b, false)])) {
		line = strings.TrimSuffix(line, "\n")
		if line == "main.main()" {
			break
		}
		if name, ok := strings.CutPrefix(line, "main."); ok && name != "dump()" {
			at := strings.LastIndexByte(name, '(')
			fmt.Println(name[:at] + arguments.ReplaceAllString(name[at:], "(something)"))
		}
	}
}

func main() {
	(&T{}).pointer()
	T{}.value()
	none()
	blank(1)
	generic[int]()
	generic[string]()
	generic1[int](1)
	results()
	area()
	variadic()
	deferring()
	x := 5
	call(func() { x++; dump() })
	done := make(chan bool)
	go func() {
		none()
		done <- true
	}()
	<-done
	for range seq {
		none()
	}
}
