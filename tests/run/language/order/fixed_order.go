// The order that the language does fix: calls, receives and logical operators within an
// expression from left to right; operands of assignments before any of them takes place; what
// an op-assignment evaluates once; where a panic cuts it off; defer and go statements; returns.
package main

import (
	"errors"
	"fmt"
	"strings"
)

var trace []string

func f(name string, v int) int                  { trace = append(trace, name); return v }
func s(name string) string                      { trace = append(trace, name); return name }
func b(name string, v bool) bool                { trace = append(trace, name); return v }
func sl(name string, v []int) []int             { trace = append(trace, name); return v }
func mp(name string, v map[int]int) map[int]int { trace = append(trace, name); return v }
func fn(name string) func(...int) int {
	trace = append(trace, name)
	return func(a ...int) int { trace = append(trace, name+"()"); return len(a) }
}
func pt(name string, p *point) *point { trace = append(trace, name); return p }
func fails(name string) int           { trace = append(trace, name); panic(errors.New(name)) }

type point struct {
	x, y int
	in   []int
}

func (p point) m(n int) point    { trace = append(trace, fmt.Sprint("m", n)); return p }
func (p *point) pm(n int) *point { trace = append(trace, fmt.Sprint("pm", n)); return p }

func show(name string, g func()) {
	trace = nil
	func() {
		defer func() {
			if r := recover(); r != nil {
				trace = append(trace, fmt.Sprint("PANIC ", r))
			}
		}()
		g()
	}()
	fmt.Println(name+":", strings.Join(trace, " "))
}

func results() (n int, err error) {
	defer func() { trace = append(trace, fmt.Sprint("n=", n)); n += f("deferred", 100) }()
	return f("result 1", 1), fmt.Errorf("%d", f("result 2", 2))
}

func main() {
	c := make(chan int, 9)
	for i := range 9 {
		c <- i
	}
	arr := []int{1, 2, 3, 4}
	m := map[int]int{1: 1}
	p := &point{in: arr}
	show("arithmetic", func() { _ = f("a", 1) + f("b", 2)*f("c", 3) - (f("d", 4) + <-c) })
	show("logic", func() {
		_ = b("a", true) && b("b", false) && b("c", true) || b("d", true) || b("e", true)
		_ = !b("f", true) != (b("g", true) == b("h", false))
	})
	show("calls", func() { fn("f")(f("a", 1), fn("g")(f("b", 2)), <-c, f("c", 3)) })
	show("methods", func() { pt("p", p).pm(f("a", 1)).m(f("b", 2)).m(f("c", 3)) })
	show("index", func() {
		_ = sl("s", arr)[f("i", 1)] + mp("m", m)[f("k", 1)] + sl("t", arr)[f("lo", 0):f("hi", 2)][f("j", 1)]
	})
	show("literals", func() {
		_ = []int{2: f("a", 1), 0: f("b", 2)}
		_ = point{y: f("y", 1), x: f("x", 2), in: sl("in", nil)}
		_ = [...]string{s("q") + s("r"), s("t")}
	})
	show("conversion", func() { _ = string(rune(f("a", 65))) + strings.ToUpper(s("b")) + fmt.Sprint(f("c", 1)) })
	show("assignment", func() {
		sl("s", arr)[f("i", 0)], mp("m", m)[f("k", 2)], pt("p", p).x = f("a", 10), f("b", 20), f("c", 30)
	})
	fmt.Println(arr, m, p.x)
	show("op", func() {
		sl("s", arr)[f("i", 1)] += f("a", 5)
		mp("m", m)[f("k", 2)] <<= f("b", 2)
		pt("p", p).in[f("j", 3)]--
		*(&pt("q", p).y) |= f("c", 6)
	})
	fmt.Println(arr, m, p.y)
	show("panic on the right", func() { sl("s", arr)[f("i", 0)], mp("m", m)[f("k", 2)] = f("a", 77), fails("b") })
	show("panic on the left", func() { sl("s", arr)[f("i", 9)], mp("m", m)[f("k", 3)] = f("a", 77), f("b", 78) })
	show("second assignment panics", func() {
		var none map[int]int
		sl("s", arr)[f("i", 0)], mp("none", none)[f("k", 3)] = f("a", 77), f("b", 78)
	})
	show("nil pointer", func() {
		var none *point
		mp("m", m)[f("k", 3)], pt("none", none).x = f("a", 5), f("b", 6)
	})
	fmt.Println(arr, m)
	show("swap", func() { arr[0], arr[1], arr[2] = arr[2], arr[0], arr[1] })
	fmt.Println(arr)
	i := 0
	i, arr[i] = 2, 55
	fmt.Println(i, arr)
	show("slice of itself", func() { arr[0], arr = 8, arr[1:] })
	fmt.Println(arr, p.in)
	show("defer", func() {
		defer fn("d")(f("a", 1), f("b", 2))
		defer pt("p", p).pm(f("c", 3)).pm(f("d", 4))
		trace = append(trace, "body")
	})
	show("defer panics", func() {
		defer fn("first")(f("a", 1))
		defer fn("second")(fails("arg"))
		trace = append(trace, "not reached")
	})
	show("return", func() { n, err := results(); trace = append(trace, fmt.Sprint(n, err)) })
	show("send", func() { cc := make(chan int, 1); chanOf("chan", cc) <- f("value", 1) })
	show("range", func() {
		for pt("p", p).x = range sl("s", arr) {
			trace = append(trace, fmt.Sprint(p.x))
		}
		for k, v := range mp("m", map[int]int{5: 6}) {
			trace = append(trace, fmt.Sprint(k, v))
		}
		for range f("n", 2) {
			trace = append(trace, "again")
		}
	})
	show("switch", func() {
		switch f("tag", 3) {
		case f("one", 1), f("three", 3), f("never", 4):
			fallthrough
		case f("not asked", 9):
			trace = append(trace, "fell")
		default:
			trace = append(trace, "default")
		}
		switch {
		default:
			trace = append(trace, "default")
		case b("x", false), b("y", false):
		}
	})
	show("if and for", func() {
		for i := f("init", 0); b("cond", i < 2); i += f("post", 1) {
			if x := f("x", i); b("if", x > 5) {
			} else if y := f("y", x); b("else if", y == x) {
				continue
			}
		}
	})
	show("strings", func() {
		x := s("a") + s("b") + s("c")
		x += s("d") + s("e")
		_ = x == s("f")+s("g")
	})
	show("variadic", func() { fn("f")(sl("s", arr)...) })
	show("copy and append", func() {
		copy(sl("dst", arr), sl("src", []int{1}))
		_ = append(sl("base", nil), f("x", 1), f("y", 2))
		_ = min(f("min1", 1), f("min2", 2)) + len(sl("len", arr)) + cap(sl("cap", arr))
	})
	show("division", func() { _ = f("a", 1) / f("zero", 0) })
	show("closure", func() { func(a, b int) { trace = append(trace, "inside") }(f("a", 1), f("b", 2)) })
	show("assertion", func() { _ = anyOf("v", 1).(int) + anyOf("w", "x").(int) + f("not reached", 1) })
}

func chanOf(name string, c chan int) chan int { trace = append(trace, name); return c }
func anyOf(name string, v any) any            { trace = append(trace, name); return v }
