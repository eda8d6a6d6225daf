//test:nobuild

// Composite literals with wrong fields, indices, keys, mixtures.
package main

type p struct {
	x, y int
	z    string
}

var (
	a = p{1, 2}
	b = p{1, 2, "z", 4}
	c = p{x: 1, 2}
	d = p{w: 1}
	e = p{x: 1, x: 2}
	f = [2]int{1, 2, 3}
	g = []int{5: 1, 5: 2}
	h = map[string]int{"a": 1, "a": 2}
	i = map[string]int{1: 1}
	j = []int{"x"}
	k = [...]int{-1: 1}
	l = &[]p{{1, 2, 3}}
	m = int{1}
	n = struct{ a int }{b: 1}
	o = []interface{ M() }{1}
)

func main() {}
