// The fmt package: verbs of all sorts, and scanning.
package main

import (
	"fmt"
	"hash/fnv"

	"bench/measure"
)

type point struct {
	X, Y int
	Name string
}

func (p *point) String() string { return fmt.Sprintf("(%d,%d)", p.X, p.Y) }

func main() {
	const n = 2000
	values := []any{1, "two", 3.5, true, []int{4, 5}}
	measure.Row("fmt", n, func() uint64 {
		h := fnv.New64a()
		for i := range n {
			p := point{i, i * i, "point"}
			fmt.Fprintf(h, "%d %5d|%-8s|%x %q\n", i, i*3, "left", i*255, "quoted\ttext")
			fmt.Fprintf(h, "%8.3f %g %e\n", float64(i)/7, float64(i)*1.5, float64(i)*1e10)
			fmt.Fprintf(h, "%v %+v %s %t\n", p, p, &p, i%2 == 0)
			fmt.Fprint(h, values[i%len(values)], " ", i, "\n")
			if i%10 == 0 {
				var a, b int
				var word string
				fmt.Sscanf("17 plus 25", "%d %s %d", &a, &word, &b)
				fmt.Fprintln(h, a+b, word)
			}
		}
		return h.Sum64()
	})
}
