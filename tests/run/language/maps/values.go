// Map values of every kind, compound assignments, comma-ok forms, nested maps, functions.
package main

import "fmt"

type counter struct{ n int }

func (c *counter) inc() int { c.n++; return c.n }

type op func(int, int) int
type large struct {
	data [30]int
	s    string
}

func lookup(m map[string]int, k string) (int, bool) { v, ok := m[k]; return v, ok }

func main() {
	m := map[string]int{}
	m["a"]++
	m["a"] += 5
	m["b"] -= 3
	m["c"] |= 6
	m["c"] <<= 2
	m["d"] = m["a"] * m["b"]
	fmt.Println(m, len(m), m["none"])
	v, ok := m["a"]
	_, no := m["z"]
	fmt.Println(v, ok, no)
	fmt.Println(lookup(m, "b"))
	if v, ok := m["q"]; !ok {
		fmt.Println("absent", v)
	}
	delete(m, "a")
	delete(m, "a")
	fmt.Println(m)
	nested := map[string]map[string][]int{}
	for _, w := range []struct{ a, b string }{{"x", "1"}, {"y", "2"}, {"x", "1"}, {"x", "3"}} {
		if nested[w.a] == nil {
			nested[w.a] = map[string][]int{}
		}
		nested[w.a][w.b] = append(nested[w.a][w.b], len(nested))
	}
	fmt.Println(nested, nested["none"]["deep"] == nil)
	ops := map[rune]op{'+': func(a, b int) int { return a + b }, '*': func(a, b int) int { return a * b }}
	fmt.Println(ops['+'](2, 3), ops['*'](2, 3), ops['-'] == nil)
	ptrs := map[string]*counter{"p": {}}
	ptrs["p"].inc()
	ptrs["p"].n += 10
	fmt.Println(ptrs["p"].inc(), ptrs["q"] == nil)
	arrays := map[int][3]int{1: {1, 2, 3}}
	fmt.Println(arrays[1][2], arrays[2][0], len(arrays[5]))
	larges := map[int]large{}
	larges[1] = large{s: "one", data: [30]int{29: 7}}
	l := larges[1]
	l.data[29]++
	larges[2] = l
	fmt.Println(larges[1].data[29], larges[2].data[29], larges[2].s, larges[3].s == "")
	sets := map[string]struct{}{"in": {}}
	_, in := sets["in"]
	_, out := sets["out"]
	fmt.Println(in, out, len(sets))
	anys := map[string]any{"n": 1, "s": "x", "nil": nil, "m": map[string]any{"deep": []any{1, "two"}}}
	fmt.Println(anys["m"].(map[string]any)["deep"].([]any)[1], anys["nil"], anys)
	text := map[string]string{}
	text["x"] += "a"
	text["x"] += "b"
	fmt.Printf("%q %v\n", text, map[bool]string{true: "yes"}[len(text) == 1])
	alias := m
	alias["new"] = 1
	fmt.Println(m["new"], len(m))
	chans := map[string]chan int{"c": make(chan int, 1)}
	chans["c"] <- 8
	fmt.Println(<-chans["c"])
	grid := map[[2]int]bool{}
	for x := range 3 {
		for y := range 3 {
			grid[[2]int{x, y}] = x == y
		}
	}
	fmt.Println(len(grid), grid[[2]int{1, 1}], grid[[2]int{1, 2}], grid)
	sized := make(map[int]int, 100)
	zero := make(map[int]int, 0)
	neg := -5
	small := make(map[int]int, neg)
	sized[1], zero[1], small[1] = 1, 1, 1
	fmt.Println(len(sized), len(zero), len(small))
}
