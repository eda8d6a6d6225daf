// Assignments and returns whose calls change what the same statement reads, on either side.
package main

import (
	"errors"
	"fmt"
)

type P struct{ a, b int }
type Big struct{ a [20]int }
type One struct{ p *int }
type I interface{ M(int) int }
type V int

func (v V) M(n int) int   { return int(v)*1000 + n }
func (v *V) PM(n int) int { return int(*v)*1000 + n }
func (p P) Sum(n int) int { return p.a*100 + p.b*10 + n }

type E struct{ P }
type EP struct{ *P }

var (
	gx    int
	gp    P
	gpp   *P
	gs    []int
	garr  [3]int
	gm    map[int]int
	gstr  string
	gb    []byte
	gi    int
	ge    any
	gI    I
	gf    func(int, int) int
	gbool bool
	gfl   float64
	gc    complex128
	gV    V
	gE    E
	gEP   EP
	gch   chan int
	gi8   int8
	gone  One
	gz    int
	gbig  Big
	gerr  error
	gms   map[string]int
	gmP   map[P]int
	gma   map[any]int
	gss   [][]int
	gptr  *int
)

func reset() {
	gx, gp, gpp, gs, garr = 1, P{1, 2}, &P{3, 4}, []int{5, 6, 7}, [3]int{1, 2, 3}
	gm = map[int]int{0: 10, 1: 11, 2: 12}
	gstr, gb, gi, ge, gI = "old", []byte("abc"), 0, 1, V(1)
	gf = func(a, b int) int { return a*10 + b }
	gbool, gfl, gc, gV = false, 1.5, 1+2i, 1
	gE, gEP = E{P{1, 2}}, EP{&P{1, 2}}
	gch = make(chan int, 10)
	gch <- 1
	gch <- 2
	gch <- 3
	gi8, gone, gz, gbig = 1, One{new(int)}, 0, Big{}
	gerr = nil
	gms = map[string]int{"abc": 1, "xbc": 2}
	gmP = map[P]int{{1, 2}: 12, {8, 9}: 89}
	gma = map[any]int{1: 1, 2: 2}
	gss = [][]int{{1, 2}, {3, 4}}
	gptr = &gx
}

//go:noinline
func f() int {
	gx++
	gp.a, gp.b = 8, 9
	gpp = &P{80, 90}
	gs[0], gs = 55, []int{50, 60, 70}
	garr = [3]int{10, 20, 30}
	gm[0], gm[1] = 100, 101
	gstr = "new"
	gb[0] = 'x'
	gi++
	ge = 2
	gI = V(2)
	gf = func(a, b int) int { return a*1000 + b }
	gbool = true
	gfl++
	gc += 1
	gV = 2
	gE.a, gEP.P = 7, &P{7, 8}
	gch <- 4
	gi8++
	gone = One{nil}
	gbig.a[3] = 9
	gerr = errors.New("err")
	gss[0] = []int{10, 20}
	gptr = new(int)
	return gx
}

//go:noinline
func g(n int) int { fmt.Print("g", n, " "); return n }

//go:noinline
func z() int { fmt.Print("z "); return 0 }

//go:noinline
func nilp() *P { fmt.Print("nilp "); return nil }

//go:noinline
func nils() []int { fmt.Print("nils "); return nil }

//go:noinline
func fb() bool { f(); return true }

//go:noinline
func fs() string { f(); return "!" }

//go:noinline
func ff() float64 { f(); return 1 }

//go:noinline
func two(a, b any) string { return fmt.Sprint(a, ",", b) }

//go:noinline
func twoi(a, b int) int { return a*1000 + b }

//go:noinline
func f2() (int, int) { return f(), 77 }

//go:noinline
func vari(a ...int) string { return fmt.Sprint(a) }

//go:noinline
func pair(a int, b P) string { return fmt.Sprint(a, b) }

//go:noinline
func bigpair(a Big, b int) string { return fmt.Sprint(a.a[3], b) }

func gen[T any](a T, b int) string { return fmt.Sprint(a, b) }

type test struct {
	name string
	run  func() any
}

var tests []test

func add(name string, run func() any) { tests = append(tests, test{name, run}) }

func init() {
	add("two var", func() any { a, b := gx, f(); return fmt.Sprint(a, b) })
	add("two var decl", func() any { var a, b = gx, f(); return fmt.Sprint(a, b) })
	add("two var any", func() any { var a, b any = gx, f(); return fmt.Sprint(a, b) })
	add("two var P", func() any { a, b := gp, f(); return fmt.Sprint(a, b) })
	add("two assign", func() any { var a, b int; a, b = gx, f(); return fmt.Sprint(a, b) })
	add("two assign swap", func() any { var a, b int = 1, 2; a, b = b+gx, a+f(); return fmt.Sprint(a, b) })
	add("assign index", func() any { l := []int{1, 2, 3}; l[gi] = f(); return l })
	add("assign index sum", func() any { l := []int{1, 2, 3}; l[gi] = gx + f(); return l })
	add("assign slice var", func() any { old := gs; gs[0] = f(); return fmt.Sprint(old, gs) })
	add("assign ptr", func() any { old := gpp; gpp.a = f(); return fmt.Sprint(*old, *gpp) })
	add("assign map", func() any { m := map[int]int{}; m[gi] = f(); return m })
	add("assign map lhs call", func() any { m := map[int]int{}; m[g(gx)] = f(); return m })
	add("assign lhs call", func() any { l := []int{1, 2, 3}; l[f()] = gx; return l })
	add("assign lhs call2", func() any { gss[0][f()-1] = gx; return gss })
	add("assign multi idx", func() any {
		l := []int{1, 2, 3}
		i := 0
		h := func() int { i++; return 9 }
		l[i], i = h(), 2
		return fmt.Sprint(l, i)
	})
	add("assign multi idx2", func() any { l := []int{1, 2, 3}; i := 0; i, l[i] = 2, 9; return fmt.Sprint(l, i) })
	add("assign multi idx3", func() any {
		l := []int{1, 2, 3}
		i := 0
		h := func() int { i++; return 9 }
		i, l[i] = 2, h()
		return fmt.Sprint(l, i)
	})
	add("assign multi ptr", func() any {
		p, q := &P{1, 2}, &P{3, 4}
		old := p
		h := func() int { p = q; return 9 }
		p.a, p = h(), nil
		return fmt.Sprint(*old, *q)
	})
	add("assign *p,p", func() any {
		a, b := 1, 2
		p, q := &a, &b
		h := func() int { p = q; return 9 }
		*p, p = h(), &a
		return fmt.Sprint(a, b)
	})
	add("assign multi map", func() any { m := map[int]int{}; m[gi], gi = f(), 7; return fmt.Sprint(m, gi) })
	add("assign f2", func() any { l := []int{1, 2, 3}; var n int; l[gi], n = f2(); return fmt.Sprint(l, n) })
	add("assign f2 lhs call", func() any { l := []int{1, 2, 3}; m := map[int]int{}; l[gi], m[g(gx)] = f2(); return fmt.Sprint(l, m) })
	add("assign f2 slice", func() any { old := gs; gs[0], gs[1] = f2(); return fmt.Sprint(old, gs) })
	add("assign recv ok", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = <-gch; return fmt.Sprint(l, ok) })
	add("assign map ok", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = gm[f()-1]; return fmt.Sprint(l, ok) })
	add("assign map ok2", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = gm[f()-gx]; return fmt.Sprint(l, ok) })
	add("assign assert ok", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = any(f()).(int); return fmt.Sprint(l, ok) })
	add("op assign", func() any { gx += f(); return gx })
	add("op assign idx", func() any { l := []int{1, 2, 3}; l[gi] += f(); return l })
	add("op assign slice", func() any { old := gs; gs[0] += f(); return fmt.Sprint(old, gs) })
	add("op assign ptr", func() any { old := gpp; gpp.a += f(); return fmt.Sprint(*old, *gpp) })
	add("op assign map", func() any { gm[gi] += f(); return gm })
	add("op assign map call", func() any { gm[g(gi)] += f(); return gm })
	add("op assign map div", func() any { gm[gi] /= f(); return gm })
	add("op assign str", func() any { gstr += fs(); return gstr })
	add("op assign shift", func() any { gx <<= f(); return gx })
	add("op assign sum", func() any { gx += gx + f(); return gx })
	add("incdec", func() any { l := []int{1, 2, 3}; l[f()-gx]++; gss[0][f()-2]++; return fmt.Sprint(l, gss) })
	add("return", func() any { h := func() (int, int) { return gx, f() }; a, b := h(); return fmt.Sprint(a, b) })
	add("return any", func() any { h := func() (any, any) { return gx, f() }; a, b := h(); return fmt.Sprint(a, b) })
	add("return err", func() any {
		h := func() (int, error) { return f(), gerr }
		a, b := h()
		k := func() (error, int) { reset(); return gerr, f() }
		c, d := k()
		return fmt.Sprint(a, b, c, d)
	})
	add("return named", func() any {
		h := func() (a int, b int) { a = 5; k := func() int { a = 7; return 8 }; return a, k() }
		a, b := h()
		return fmt.Sprint(a, b)
	})
	add("return named defer", func() any {
		h := func() (a int, b int) {
			defer func() { a += 100 }()
			a = 5
			k := func() int { a = 7; return 8 }
			return a + 1, k()
		}
		a, b := h()
		return fmt.Sprint(a, b)
	})
	add("return named swap", func() any {
		h := func() (a int, b int) { a, b = 1, 2; k := func() int { b = 7; return a }; return b, k() }
		a, b := h()
		return fmt.Sprint(a, b)
	})
	add("return struct", func() any { h := func() (P, int) { return gp, f() }; a, b := h(); return fmt.Sprint(a, b) })
	add("return big", func() any { h := func() (Big, int) { return gbig, f() }; a, b := h(); return fmt.Sprint(a.a[3], b) })
	add("select recv lhs", func() any {
		l := []int{1, 2, 3}
		select {
		case l[f()-1] = <-gch:
		}
		return l
	})
	add("range lhs", func() any {
		l := make([]int, 10)
		for l[gx] = range 2 {
			f()
		}
		return l
	})
	add("for post", func() any {
		r := ""
		for i, j := 0, 0; i < 3; i, j = gx, f() {
			r += fmt.Sprint(i, j, " ")
		}
		return r
	})
	add("append assign", func() any { l := gs; gs = append(gs, f()); return fmt.Sprint(l, gs) })
	add("append index", func() any { gss[gi] = append(gss[gi], f()); return gss })
}

type L struct{ l []int }

//go:noinline
func nilp2() *L { return nil }

type B struct{ n string }

func (b B) add(n int) B { b.n += fmt.Sprint(n, ";"); return b }

//go:noinline
func twom(h func(int) int, n int) int { return h(n) / 1000 * 1000 }

//go:noinline
func twom2(h func(int) int, n int) int { return h(n) }

func (p P) send(c chan string, n int) { c <- fmt.Sprint(p, n) }

func one(t test) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println("panic:", e)
		}
	}()
	reset()
	fmt.Print(t.name, ": ")
	fmt.Println(t.run())
}

func main() {
	for _, t := range tests {
		one(t)
	}
}
