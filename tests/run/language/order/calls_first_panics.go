// Operands that panic only after the calls behind them.
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
	add("p div", func() any { return f() / z() * g(2) })
	add("p nil field", func() any { return nilp().a + g(3) })
	add("p index", func() any { return nils()[1] + g(4) })
	add("p index arr", func() any { return garr[gi+9] + g(5) })
	add("p slice", func() any { return len(nils()[1:]) + g(6) })
	add("p slice vs index", func() any { return nils()[7] + len(nils()[8:]) })
	add("p assert", func() any { return ge.(string) + fmt.Sprint(g(7)) })
	add("p assert ptr", func() any { return *ge.(*int) + g(8) })
	add("p map nil", func() any { var m map[int]int; m[g(9)] = g(10); return 0 })
	add("p conv array", func() any { return two([2]int(nils()), g(11)) })
	add("p shift neg", func() any { return 1<<(gz-1) + g(12) })
	add("p value recv", func() any { return nilp().Sum(g(13)) })
	add("p iface nil", func() any { gI = nil; return gI.M(g(14)) })
	add("p func nil", func() any { gf = nil; return gf(g(15), 1) })
	add("p assign idx", func() any { gs[9] = g(16); return 0 })
	add("p assign idx rhs", func() any { gs[9] = gx / gz; return 0 })
	add("p assign nil rhs", func() any { nilp().a = gx / gz; return 0 })
	add("p assign idx2", func() any { gs[gs[8]] = gx / gz; return 0 })
	add("p assign idx call", func() any { gs[g(9)] = gx / gz; return 0 })
	add("p assign map idx", func() any { gm[gs[9]] = gx / gz; return 0 })
	add("p assign arr", func() any { garr[gi+5] = gx / gz; return 0 })
	add("p assign field idx", func() any { gss[5][6] = gx / gz; return 0 })
	add("p assign multi", func() any { gx, gs[9] = 5, g(1); return 0 })
	add("p assign multi val", func() any { defer func() { fmt.Print("gx=", gx, " ") }(); gx, gi = 5, gs[9]; return 0 })
	add("p assign multi div", func() any { defer func() { fmt.Print("gx=", gx, " ") }(); gx, gi = 5, gi/gz; return 0 })
	add("p op assign", func() any { gs[9] += gx / gz; return 0 })
	add("p op assign call", func() any { gs[9] += g(3); return 0 })
	add("p op assign nil", func() any { nilp().a += g(3); return 0 })
	add("p op assign map", func() any { gm[gs[9]] += g(3); return 0 })
	add("p return", func() any { h := func() (int, int) { return gs[9], g(3) }; h(); return 0 })
	add("p lit", func() any { return []int{gs[9], g(4)} })
	add("p send", func() any { var c chan int; _ = c; gs[9], gi = g(2), 3; return 0 })
	add("p args", func() any { return twoi(gs[9], gx/gz) })
	add("p args2", func() any { return twoi(gx/gz, gs[9]) })
	add("p args assert", func() any { return two(gs[9], ge.(string)) })
	add("p make", func() any { return two(gs[9], make([]int, gz-1)) })
	add("p cmp iface", func() any { ge = []int{}; return two(ge == ge, g(3)) })
	add("p cmp iface sum", func() any { ge = []int{}; return ge == ge == (g(3) == 3) })
	add("p len", func() any { return len(nilp2().l) + g(3) })
	add("p discard", func() any { _ = nilp().a + g(3); return 0 })
	add("p discard2", func() any { _, _ = nilp().a, g(3); return 0 })
	add("p range lhs", func() any {
		for gs[gx+8] = range g(3) {
		}
		return 0
	})
	add("p map lit", func() any { return map[any]int{[]int{}: g(1), g(2): g(3)} })
	add("p map slot", func() any { return map[int]int{gs[9]: g(1)} })
	add("p defer", func() any { defer g(gs[9] + g(2)); return 0 })
	add("p defer nil func", func() any { var h func(int); func() { defer h(g(2)) }(); return 0 })
	add("p defer iface nil", func() any { gI = nil; func() { defer gI.M(g(2)) }(); return 0 })
	add("p deref copy", func() any { return pair(g(1), *nilp()) })
	add("p deref copy2", func() any { var p *Big; return bigpair(*p, g(2)) })
	add("p addr", func() any { return two(&nils()[2], g(3)) })
	add("p addr field", func() any { return two(&nilp().b, g(3)) })
	add("p method value", func() any { gI = nil; return twom(gI.M, g(3)) })
	add("p method value ptr", func() any { return twom2(nilp().Sum, g(3)) })
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
