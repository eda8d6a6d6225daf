// Deferred calls in every form: once, several, conditional, in loops, behind labels, in
// inlined and generic functions, in bodies of loops over functions; with every kind of
// callee.
package main

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"strings"
	"sync"
)

var log []string

func note(args ...any) { log = append(log, fmt.Sprint(args...)) }

func show(what string) {
	fmt.Println(what, strings.Join(log, " "))
	log = nil
}

func conditional(a, b, c bool) (n int) {
	if a {
		defer note("a")
	}
	if b {
		defer func() { n++; note("b", n) }()
	}
	switch {
	case c:
		defer note("c")
		n = 10
	default:
		defer note("d")
		n = 20
	}
	return n + 1
}

// Returns before, between and after the statements.
func early(k int) (n int) {
	if k == 0 {
		return 1
	}
	defer func() { n += 10; note("one") }()
	if k == 1 {
		return 2
	}
	defer note("two", k)
	if k == 2 {
		return 3
	}
	defer note("three", k)
	return 4
}

// A return written before the only, conditional, statement; then a panic.
func before(k int) string {
	switch k {
	case 0:
		return "before"
	case 1:
		defer note("at")
		return "at"
	}
	return "behind"
}

func afterBefore() (s string) {
	defer func() { s += fmt.Sprint(recover()) }()
	for k := range 3 {
		s += before(k) + " "
	}
	var m map[int]int
	m[1] = len(s)
	return
}

func manyReturns(k int) string {
	defer note("x")
	defer note("y")
	defer note("z")
	switch k {
	case 0:
		return "0"
	case 1:
		return "1"
	case 2:
		return "2"
	case 3:
		return "3"
	case 4:
		return "4"
	case 5:
		return "5"
	}
	return "more"
}

func nine() {
	defer note(1)
	defer note(2)
	defer note(3)
	defer note(4)
	defer note(5)
	defer note(6)
	defer note(7)
	defer note(8)
	defer note(9)
}

func loop(n int) (sum int) {
	defer note("first")
	for i := range n {
		defer func() { sum += i }()
		if i%2 == 0 {
			defer note(i)
		}
	}
	defer note("last")
	return 1000
}

func labelled() {
	i := 0
again:
	defer note("l", i)
	if i < 3 {
		i++
		goto again
	}
}

func skipped(skip bool) {
	if skip {
		goto end
	}
	defer note("not skipped")
end:
	note("end")
}

func breaks() {
outer:
	for i := range 4 {
		for j := range 4 {
			defer note(i, j)
			if j == i {
				continue outer
			}
			if i == 2 {
				break outer
			}
		}
	}
}

// Operands are evaluated at the statement.
func operands() {
	x := 1
	f := func(s string) func(int) {
		note("eval", s)
		return func(n int) { note(s, n) }
	}
	defer f("A")(x)
	x = 2
	defer f("B")(x)
	p := &x
	defer note(*p)
	*p = 3
	g := func() { note("g1") }
	defer g()
	g = func() { note("g2") }
	a := [3]int{1, 2, 3}
	defer note(a)
	a[0] = 100
}

type S struct{ n int }

func (s S) value(x int)    { note("value", s.n, x) }
func (s *S) pointer(x int) { note("pointer", s.n, x) }

type I interface{ value(int) }

func receivers() {
	s := S{1}
	defer s.value(1)
	defer s.pointer(2)
	var i I = s
	defer i.value(3)
	i = &s
	defer i.value(4)
	m := s.value
	defer m(5)
	e := (*S).pointer
	defer e(&s, 6)
	s.n = 2
}

func nils() {
	defer func() { note(recover() != nil) }()
	var f func()
	defer note("before")
	defer f()
	note("statement passed")
}

func nilInterface() {
	defer func() { note(recover() != nil) }()
	var i I
	defer i.value(1)
	note("BAD: not reached")
}

func builtins() {
	m := map[int]int{1: 1, 2: 2}
	c := make(chan int, 1)
	s := []int{1, 2, 3}
	d := make([]int, 2)
	func() {
		defer delete(m, 1)
		defer close(c)
		defer copy(d, s)
		defer clear(m)
		defer print()
		note(len(m), d[0])
	}()
	_, ok := <-c
	note(len(m), ok, d)
	func() {
		defer func() { note(recover()) }()
		defer panic("deferred panic")
	}()
}

//go:noinline
func add(to *int, n int) { *to += n }

func small(to *int) { defer add(to, 1) }

func smaller(to *int) {
	defer func() { *to += 2 }()
}

func inlined() {
	x := 0
	for range 5 {
		small(&x)
		smaller(&x)
	}
	note(x)
}

type counter struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *counter) inc(k string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[k]++
	return c.n[k]
}

func (c *counter) get(k string) (n int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok = c.n[k]
	return
}

func locks() {
	c := &counter{n: map[string]int{}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 200 {
				c.inc("k")
			}
		}()
	}
	wg.Wait()
	note(c.get("k"))
	func() {
		defer func() { note(recover()) }()
		(&counter{}).inc("nil map")
	}()
	bad := &counter{}
	func() {
		defer func() { recover() }()
		bad.inc("x")
	}()
	note(bad.mu.TryLock())
}

func gen[T any](xs ...T) (out []T) {
	for _, x := range xs {
		defer func() { out = append(out, x) }()
	}
	defer func(k int) { note("gen", k, len(out)) }(len(xs))
	return nil
}

func seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer note("seq done")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func rangeFunc(stop int) (n int) {
	defer note("plain")
	for i := range seq(4) {
		defer func() { n += i; note("body", i) }()
		if i == stop {
			return 100
		}
	}
	note("after loop")
	return 200
}

func rangeFuncPanic() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	for i := range seq(4) {
		defer note("p", i)
		if i == 2 {
			panic("in body")
		}
	}
	return
}

func rangeFuncRecover() (s string) {
	for i := range seq(3) {
		defer func() {
			if r := recover(); r != nil {
				s = fmt.Sprint(r, i)
			}
		}()
		if i == 1 {
			panic("body")
		}
	}
	return "BAD"
}

func nestedRange() {
	for i := range seq(2) {
		for j := range seq(2) {
			defer note(i, j)
		}
	}
}

func goexits() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer note("outer")
		func() {
			defer note("a")
			for i := range 3 {
				defer note("loop", i)
			}
			func() {
				defer func() { note("recover", recover()) }()
				defer func() {
					defer func() { note("inner", recover()) }()
					panic("while exiting")
				}()
				runtime.Goexit()
			}()
			note("BAD: after Goexit")
		}()
	}()
	wg.Wait()
}

// A panic in a deferred call that Goexit runs, recovered further out: the goroutine still
// ends.
func goexitPanic() {
	done := make(chan bool)
	go func() {
		defer close(done)
		func() {
			defer func() { note("recovered", recover()) }()
			defer func() { panic("from deferred") }()
			runtime.Goexit()
		}()
		note("BAD: went on")
	}()
	<-done
}

func recursive(n int) (out string) {
	defer func() { out += fmt.Sprint(n) }()
	if n == 0 {
		return "r"
	}
	return recursive(n - 1)
}

func million() (n int) {
	for range 1000000 {
		defer func() { n++ }()
	}
	return 0
}

func order() (r int) {
	defer func() { r *= 3 }()
	defer func() { r += 4 }()
	return func() int { note("result first"); return 5 }()
}

func collected() {
	var keep []*[]int
	for i := range 50 {
		b := make([]int, 100)
		b[0] = i
		keep = append(keep, &b)
		defer func() {
			if b[0] != i {
				fmt.Println("BAD: captured value lost")
			}
		}()
		if i%10 == 0 {
			runtime.GC()
		}
	}
	runtime.GC()
	note(len(keep))
}

func main() {
	for i := range 8 {
		n := conditional(i&1 != 0, i&2 != 0, i&4 != 0)
		show(fmt.Sprint("conditional ", i, " ", n))
	}
	for i := range 4 {
		n := early(i)
		show(fmt.Sprint("early ", i, " ", n))
	}
	note(afterBefore())
	show("before")
	for i := range 7 {
		note(manyReturns(i))
	}
	show("manyReturns")
	nine()
	show("nine")
	note(loop(5))
	show("loop")
	labelled()
	show("labelled")
	skipped(true)
	skipped(false)
	show("skipped")
	breaks()
	show("breaks")
	operands()
	show("operands")
	receivers()
	show("receivers")
	nils()
	nilInterface()
	show("nils")
	builtins()
	show("builtins")
	inlined()
	show("inlined")
	locks()
	show("locks")
	note(gen(1, 2, 3), gen("a", "b"))
	show("gen")
	note(rangeFunc(2), rangeFunc(9))
	show("rangeFunc")
	note(rangeFuncPanic(), rangeFuncRecover())
	nestedRange()
	show("nestedRange")
	goexits()
	show("goexits")
	goexitPanic()
	show("goexitPanic")
	note(recursive(5), million(), order())
	show("rest")
	collected()
	show("collected")
	defer fmt.Println("not printed: os.Exit")
	defer os.Exit(3)
}
