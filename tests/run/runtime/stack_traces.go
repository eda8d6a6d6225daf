// runtime.Stack, Callers, CallersFrames, FuncForPC, Caller: shapes and names.
package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

var addresses = regexp.MustCompile(`0x[0-9a-f]+|goroutine \d+|\(\.\.\.\)|in goroutine \d+|\({0x|\+0x[0-9a-f]+`)
var arguments = regexp.MustCompile(`\(.*\)$`)

// shape keeps names, files and lines of a trace.
func shape(b []byte) {
	for i, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		switch {
		case i == 0:
			fmt.Println(regexp.MustCompile(`\d+`).ReplaceAllString(l, "N"))
		case strings.HasPrefix(l, "\t"):
			f, _, _ := strings.Cut(strings.TrimSpace(l), " +")
			if strings.Contains(f, "/src/runtime/") || strings.Contains(f, "/runtime/") {
				fmt.Println("\truntime file")
				continue
			}
			fmt.Println("\t" + filepath.Base(f))
		default:
			l, _, created := strings.Cut(l, " in goroutine")
			l = arguments.ReplaceAllString(l, "(…)")
			fmt.Println(l, created)
		}
	}
}

type T struct{ n int }

//go:noinline
func (t *T) method(f func()) { f() }

//go:noinline
func (t T) value(f func()) { f() }

type I interface{ value(func()) }

//go:noinline
func generic[A any, B comparable](a A, b B, f func()) { f() }

func inlined(f func()) { f() }

//go:noinline
func show() {
	buf := make([]byte, 10000)
	shape(buf[:runtime.Stack(buf, false)])
}

func frames(skip int) {
	pcs := make([]uintptr, 30)
	it := runtime.CallersFrames(pcs[:runtime.Callers(skip, pcs)])
	for {
		f, more := it.Next()
		if f.Function == "runtime.goexit" || f.Function == "runtime.doInit1" || f.Function == "main.init" || f.Function == "runtime.main" {
			break
		}
		if strings.HasPrefix(f.Function, "runtime.") {
			f.Line = 0
		}
		fmt.Print(f.Function, ":", f.Line, " ")
		if !more {
			break
		}
	}
	fmt.Println()
}

var global = func() string {
	pc, _, _, _ := runtime.Caller(0)
	return runtime.FuncForPC(pc).Name()
}()

func init() { frames(1) }

func main() {
	fmt.Println(global)
	t := &T{1}
	t.method(show)
	t.value(func() { show() })
	var i I = t
	i.value(show)
	generic(1, "x", show)
	generic(T{}, 2, func() { frames(0) })
	inlined(func() { frames(1) })
	func() {
		defer func() {
			recover()
			frames(1)
			show()
		}()
		var m map[string]int
		m["x"] = 1
	}()
	func() {
		defer func() { recover(); frames(1) }()
		var p *T
		p.n = 1
	}()
	defer frames(1)
	var wg sync.WaitGroup
	wg.Go(show)
	wg.Wait()
	done := make(chan bool)
	go func() {
		inner := make(chan bool)
		go func() { show(); inner <- true }()
		done <- <-inner
	}()
	<-done
	go t.method(func() { show(); done <- true })
	fmt.Println(<-done)
	pc, file, line, ok := runtime.Caller(0)
	f := runtime.FuncForPC(pc)
	ff, fl := f.FileLine(pc)
	fmt.Println(f.Name(), filepath.Base(file), line, ok, filepath.Base(ff), fl, f.Entry() != 0)
	_, _, _, ok = runtime.Caller(100)
	fmt.Println(ok, runtime.FuncForPC(0) == nil, runtime.Callers(100, make([]uintptr, 1)), runtime.Callers(0, nil))
	fmt.Println(len(debug.Stack()) > 0, bytes.Contains(debug.Stack(), []byte("debug.Stack")))
	var rec func(n int)
	rec = func(n int) {
		if n == 0 {
			b := make([]byte, 1<<20)
			s := string(b[:runtime.Stack(b, false)])
			fmt.Println(strings.Count(s, "main.main.func"), strings.Contains(s, "frames elided"))
			pcs := make([]uintptr, 500)
			fmt.Println(runtime.Callers(0, pcs))
			return
		}
		rec(n - 1)
	}
	rec(300)
	all := make([]byte, 1<<16)
	block := make(chan int)
	go func() { <-block }()
	runtime.Gosched()
	s := string(all[:runtime.Stack(all, true)])
	fmt.Println(strings.Count(s, "goroutine ") >= 2, strings.Contains(s, "[running]:"))
	small := make([]byte, 10)
	fmt.Println(runtime.Stack(small, false), string(small))
}
