// Array literals: indices, gaps, inferred lengths, nested element literals, arrays of
// everything, zero values.
package main

import "fmt"

type point struct{ x, y int }

const first = 3

var global = [...]string{first: "three", "four", 0: "zero", 1: "one"}

func main() {
	a := [5]int{1, 3: 4}
	b := [...]int{9: 1}
	c := [...]point{{1, 2}, {y: 5}, 3: {}}
	d := [...]*point{{7, 8}, nil, {x: 1}}
	e := [2][3]int{{1}, {1: 2, 3}}
	f := [...][]int{{1, 2}, nil, {}}
	g := [...]map[string]int{{"a": 1}, {}}
	h := ['c' - 'a' + 1]string{'b' - 'a': "bee"}
	fmt.Println(a, len(b), c, *d[0], d[1] == nil, *d[2], e, f, g, len(h), h)
	fmt.Printf("%q %d\n", global, len(global))
	var zero [3]struct {
		s  string
		p  *int
		in [2]any
	}
	fmt.Println(zero[2].s == "", zero[1].p == nil, zero[0].in[1] == nil)
	fs := [...]func(int) int{func(x int) int { return x + 1 }, func(x int) int { return x * x }}
	fmt.Println(fs[0](4), fs[1](4))
	fmt.Println([3]int{1, 2, 3}[1], len([0]int{}), [1][1][1]int{{{5}}})
	ch := [2]chan int{make(chan int, 1), nil}
	ch[0] <- 5
	fmt.Println(<-ch[0], ch[1] == nil, cap(ch[0]))
	var iface [3]any = [3]any{1, "s", point{1, 2}}
	for i, v := range iface {
		fmt.Printf("%d:%T:%v ", i, v, v)
	}
	fmt.Println()
	x := [...]byte{'a', 'b', 0xff: 'z'}
	y := [...]float32{2: 1.5}
	fmt.Println(len(x), x[255], y, [...]complex64{1i}, [...]bool{5: true})
	type matrix [3][3]int
	m := matrix{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
	trace := 0
	for i := range m {
		trace += m[i][i]
	}
	fmt.Println(m, trace, len(m), len(m[0]))
	order := [...]int{1: say("second"), 0: say("first")}
	fmt.Println(order)
}

func say(s string) int { fmt.Println(s); return len(s) }
