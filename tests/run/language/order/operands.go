// Order of evaluation that the language fixes: calls, receives, method calls in order of
// appearance, in operators, indexing, literals, arguments, short circuits.
package main

import "fmt"

func n(v int) int       { fmt.Print(v, " "); return v }
func b(v bool) bool     { fmt.Print(v, " "); return v }
func s(v string) string { fmt.Print(v, " "); return v }
func f(v int) func(int) int {
	fmt.Print("f", v, " ")
	return func(w int) int { fmt.Print("call", v, " "); return v + w }
}
func m() map[int]int   { fmt.Print("map "); return map[int]int{1: 10, 2: 20, 3: 30} }
func a() []int         { fmt.Print("slice "); return []int{5, 6, 7, 8} }
func p() *[3]int       { fmt.Print("array "); return &[3]int{1, 2, 3} }
func e() (int, string) { fmt.Print("pair "); return 1, "x" }

type t struct{ v int }

func (x t) add(w int) t     { fmt.Print("add", w, " "); return t{x.v + w} }
func get(v int) t           { fmt.Print("get", v, " "); return t{v} }
func takes(v int, w string) {}

func line(v ...any) { fmt.Println("=", v) }

func main() {
	line(n(1) + n(2)*n(3) - n(4))
	line((n(1)+n(2))*n(3) == n(9))
	line(b(true) && b(false) && b(true), b(false) || b(true) || b(false))
	line(b(false) && n(1) > n(2) || b(true))
	line(m()[n(1)]+m()[n(2)], a()[n(0)], p()[n(2)])
	line(a()[n(1):n(3)], a()[:n(2)], s("abcdef")[n(1):n(2)])
	line([]int{n(3), n(1), n(2)}, [...]int{2: n(9), 0: n(8)})
	line(struct{ x, y int }{y: n(1), x: n(2)})
	r := map[string]int{s("a"): n(1), s("b"): n(2)}
	line(len(r))
	line(f(n(1))(n(2)), f(3)(f(4)(n(5))))
	line(get(1).add(n(2)).add(n(3)).v)
	line(n(1), s("x"), get(2).v, f(3) != nil)
	takes(e())
	line(e())
	c := make(chan int, 4)
	c <- 1
	c <- 2
	c <- 3
	line(<-c-<-c*n(10), <-c)
	func() (int, int) { return n(1), n(2) }()
	x, y := n(1), n(2)
	line(x, y)
	line(-n(1), ^n(2), !b(true), *func() *int { v := n(3); return &v }())
	var i any = n(7)
	line(i.(int)+n(1), s("a")+s("b") < s("c"))
	go func(v int, w int) {}(n(1), n(2))
	func() { defer f(n(1))(n(2)); fmt.Print("body ") }()
	line()
	switch n(2) {
	case n(1), n(2), n(3):
		line("matched")
	}
	line(1<<n(2)|n(1)&^n(3), n(6)/n(3)%n(2))
	line(append(a(), n(1), n(2)), copy(a(), a()[n(1):]), len(a()), cap(a()[:n(1):n(2)]))
	line(min(n(3), n(1), n(2)), max(n(1), 5, n(2)), complex(float64(n(1)), float64(n(2))))
	for range n(2) {
		n(9)
	}
	for i, v := range a()[n(2):] {
		fmt.Print(i, v, " ")
	}
	line()
}
