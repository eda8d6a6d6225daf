// What the statements of the other files read and call. Each runs from the same state.
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

var operands, assignments, panics []test

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
	for _, tests := range [][]test{operands, assignments, panics} {
		for _, t := range tests {
			one(t)
		}
	}
}
