// Program counters as keys: a call around an inlined one has one, whatever runs in what was
// inlined; others have others.
package main

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

var marks [2]func(tag uint, then func())

//go:noinline
func mark0(tag uint, then func()) { mark(tag, then) }

//go:noinline
func mark1(tag uint, then func()) { mark(tag, then) }

// mark is inlined into both. The calls on the stack spell the tag (as github.com/jtolds/gls
// does to find a goroutine's values).
func mark(tag uint, then func()) {
	if tag == 0 {
		then()
	} else {
		marks[tag&1](tag>>1, then)
	}
}

// keys are the program counters of the marks on the stack, innermost first.
func keys(of string) (list []uintptr) {
	var pcs [64]uintptr
	for _, pc := range pcs[:runtime.Callers(0, pcs[:])] {
		if f := runtime.FuncForPC(pc - 1); f != nil && strings.HasPrefix(f.Name(), of) {
			list = append(list, pc)
		}
	}
	return list
}

func spell(tag uint) (list []uintptr) {
	marks[tag&1](tag>>1, func() { list = keys("main.mark") })
	return list
}

// twice calls what is inlined in two places.
//
//go:noinline
func twice() (a, b uintptr) {
	a = small()
	b = small()
	return a, b
}

func small() uintptr { return keys("main.twice")[0] }

func main() {
	marks[0], marks[1] = mark0, mark1
	number := map[uintptr]int{}
	for bit := range 2 {
		var pcs []uintptr
		marks[bit](0, func() { pcs = keys(fmt.Sprint("main.mark", bit)) })
		number[pcs[0]] = bit
	}
	fmt.Println(len(number))
	for _, tag := range []uint{0, 1, 2, 5, 6, 42} {
		var bits []int
		for _, pc := range spell(tag) {
			if bit, ok := number[pc]; ok {
				bits = append(bits, bit)
			}
		}
		fmt.Println(tag, bits)
	}
	a, b := twice()
	c, d := twice()
	fmt.Println(a != b, a == c, b == d)

	var pcs [10]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	frames.Next()
	f, _ := frames.Next()
	fmt.Println(f.Function, path.Base(f.File))
}
