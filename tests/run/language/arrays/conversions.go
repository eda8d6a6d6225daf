// Slices to arrays and pointers to arrays, full slice expressions, aliasing by append, slices of
// arrays through pointers, arrays as values, lengths that are not the same, and their panics.
package main

import "fmt"

type triple [3]int
type ints []int
type byteKey [4]byte

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	f()
}

//go:noinline
func n(x int) int { return x }

func main() {
	s := ints{1, 2, 3, 4, 5}
	a := [3]int(s)
	p := (*[3]int)(s)
	t := triple(s[1:])
	q := (*triple)(s[2:])
	p[0], q[2] = 100, 500
	a[1] = -1
	fmt.Println(s, a, *p, t, *q, len(p), cap(p), p == (*[3]int)(q))
	var none []int
	fmt.Println([0]int(none), (*[0]int)(none) == nil, (*[0]int)(make([]int, 0)) == nil, [0]int{} == [0]int(s))
	try("too short", func() { _ = [6]int(s) })
	try("too short pointer", func() { _ = (*[4]int)(s[n(2):]) })
	try("capacity does not count", func() { _ = [3]int(s[:n(2)]) })
	try("nil", func() { _ = [1]int(none) })
	full := s[1:2:3]
	fmt.Println(len(full), cap(full))
	one := append(full, 7)
	two := append(full, 8, 9)
	two[0] = 0
	fmt.Println(s, one, two, &one[0] == &s[1], &two[0] == &s[1])
	arr := [5]string{"a", "b", "c", "d", "e"}
	ps := &arr
	mid := ps[1:4:4]
	mid = append(mid, "X")
	mid[0] = "Y"
	fmt.Println(arr, mid, len(ps[n(5):]), cap(ps[2:3]), ps[:n(0)] == nil)
	for _, b := range []struct{ lo, hi, max int }{{0, 6, 6}, {3, 2, 5}, {0, 3, 2}, {-1, 2, 3}, {0, 5, 5}} {
		try(fmt.Sprint(b), func() { fmt.Println(len(s[n(b.lo):n(b.hi):n(b.max)]), cap(s[b.lo:b.hi:b.max])) })
		try(fmt.Sprint("array ", b), func() { fmt.Println(len(arr[b.lo:b.hi])) })
		try(fmt.Sprint("string ", b), func() { fmt.Println("hello"[b.lo:b.hi]) })
	}
	try("index", func() { _ = arr[n(5)] })
	try("negative", func() { _ = s[n(-1)] })
	try("nil array", func() { var p *[4]int; fmt.Println(len(p), cap(p)); _ = p[n(1)] })
	try("range over nil array", func() {
		var p *[2]int
		for i := range p {
			fmt.Print(i, " ")
		}
		for i, x := range p {
			fmt.Println("not reached", i, x)
		}
	})
	keys := map[byteKey]string{byteKey([]byte("abcd")): "k", {1, 2, 3, 4}: "n"}
	fmt.Println(keys[byteKey([]byte("abcdef"))], keys[[4]byte{1, 2, 3, 4}], len(keys))
	grid := [2][3]int{{1, 2, 3}, {4, 5, 6}}
	copied := grid
	row := grid[1][:]
	row[0] = 40
	for i, r := range grid {
		grid[1][2] = 60
		r[0] = 9
		fmt.Print(i, r, " ")
	}
	for i, r := range &grid {
		grid[1][1] = 50
		fmt.Print(i, r, " ")
	}
	fmt.Println(grid, copied, grid == copied)
	func(g [2][3]int) { g[0][0] = -1 }(grid)
	f := func(g *[2][3]int) *[3]int { return &g[0] }
	f(&grid)[2] = 30
	fmt.Println(grid, func() [2]int { return [2]int{7, 8} }()[1], [...]int{5: 1, 2}[6], len([...]string{9: ""}))
	sparse := [...]rune{'c' - 'a': 'C', 'a' - 'a': 'A'}
	fmt.Println(len(sparse), string(sparse[0]), sparse[1])
	b := []byte("hello")
	c := append(b[:1], b[2:]...)
	fmt.Println(string(b), string(c))
	moved := copy(b[1:], b)
	fmt.Println(moved, string(b))
	moved = copy(b, "xyz")
	fmt.Println(moved, string(b))
	self := make([]any, 2)
	self[0], self[1] = self, &self
	fmt.Println(len(self[0].([]any)), (*self[1].(*[]any))[1] == any(&self))
	clear(s[1:3])
	fmt.Println(s, append(s[:0:0], 1), append([]int(nil), none...) == nil, append(s, s...)[5])
}
