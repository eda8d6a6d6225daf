// append: when it shares the array and when it does not, appending to parts of an array,
// a slice to itself, nothing, strings to bytes, overlapping sources.
package main

import "fmt"

func show(name string, s []int) { fmt.Println(name, s, len(s), cap(s)) }

func main() {
	a := make([]int, 3, 6)
	b := append(a, 1)
	c := append(a, 2)
	fmt.Println(b, c, &b[0] == &c[0])
	d := append(b, 3, 4)
	e := append(d, 5)
	e[0] = 100
	fmt.Println(a, d, e, &d[0] == &a[0], &e[0] == &d[0])
	s := []int{1, 2, 3, 4, 5}
	t := append(s[:1], s[2:]...)
	fmt.Println(s, t)
	s = []int{1, 2, 3, 4, 5}
	t = append(s[:2], append([]int{9}, s[2:]...)...)
	fmt.Println(s, t)
	s = []int{1, 2, 3, 4, 5}
	limited := s[:2:2]
	limited = append(limited, 77)
	fmt.Println(s, limited)
	s = append(s, s...)
	s = append(s[:3], s[1:4]...)
	show("self", s)
	var n []int
	show("nil", n)
	n = append(n)
	fmt.Println(n == nil, append(n, []int{}...) == nil, append([]int{}, n...) == nil)
	n = append(n, n...)
	fmt.Println(n == nil, len(append(n, 1)))
	bytes := append([]byte(nil), "text"...)
	bytes = append(bytes, bytes[1:3]...)
	bytes = append(bytes, ""...)
	fmt.Println(string(bytes), len(bytes))
	array := [4]int{1, 2, 3, 4}
	part := append(array[1:2], 50)
	fmt.Println(array, part, cap(part))
	x := []int{1}
	y := append(append(append(x, 2), 3), 4)
	fmt.Println(x, y)
	grown := []string{}
	for i := range 10 {
		old := grown
		grown = append(grown, fmt.Sprint(i))
		if len(old) > 0 && len(old) < cap(old) {
			fmt.Print(&old[0] == &grown[0], " ")
		}
	}
	fmt.Println(grown)
	i := 0
	next := func() int { i++; return i }
	z := append([]int{next()}, next(), next())
	fmt.Println(z)
	var anys []any
	anys = append(anys, 1, "x", nil, []int{1}, anys)
	fmt.Println(anys, len(anys))
	structs := append([]struct{ a, b int }{}, struct{ a, b int }{1, 2})
	structs = append(structs, structs...)
	structs[1].a = 9
	fmt.Println(structs)
}
