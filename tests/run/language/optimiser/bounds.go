// Index checks near the edges of loops: counters that go down, wrap, step, start late; the
// check must stay where it can fail, and fail at the right moment.
package main

import (
	"fmt"
	"math"
)

func try(name string, f func() int) {
	var at int
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	at = f()
	fmt.Println(name, at)
}

//go:noinline
func down(s []int) (t int) {
	for i := len(s) - 1; i >= 0; i-- {
		t = t*10 + s[i]
	}
	return
}

//go:noinline
func downTooFar(s []int, n *int) (t int) {
	for i := len(s) - 1; i >= -1; i-- {
		*n++
		t += s[i]
	}
	return
}

//go:noinline
func unsigned(s []int) (t int) {
	for i := uint(len(s)) - 1; i < uint(len(s)); i-- {
		t = t*10 + s[i]
	}
	return
}

//go:noinline
func neighbours(s []int, n int) (t int) {
	for i := 0; i < n; i++ {
		t += s[i] * s[i+1]
	}
	return
}

//go:noinline
func step(s []int, from, by int) (t int) {
	for i := from; i < len(s); i += by {
		t = t*10 + s[i]
	}
	return
}

//go:noinline
func shrinking(s []int) (t int) {
	for i := 0; i < len(s); i++ {
		t = t*10 + s[i]
		if s[i]%2 == 0 {
			s = s[:len(s)-1]
		}
	}
	return
}

//go:noinline
func other(a, b []int) (t int) {
	for i := range a {
		t += a[i] * b[i]
	}
	return
}

//go:noinline
func middle(s []int, lo, hi int) int {
	if lo < 0 || hi > len(s) || lo > hi {
		return -1
	}
	t := 0
	for _, v := range s[lo:hi] {
		t = t*10 + v
	}
	return t + len(s[:hi][lo:])
}

//go:noinline
func bytes(b *[256]int, s string) (t int) {
	for i := 0; i < len(s); i++ {
		t += b[s[i]] + b[s[i]&15] + b[s[i]>>1]
	}
	return
}

//go:noinline
func nearMax(s []int, i int) int {
	if i+1 < len(s) {
		return s[i+1]
	}
	return -1
}

//go:noinline
func partial(s []int) (done []int) {
	done = make([]int, 0, 9)
	defer func() { recover() }()
	for i := 0; ; i++ {
		done = append(done, s[i])
	}
}

func main() {
	s := []int{1, 2, 3, 4, 5}
	n := 0
	try("down", func() int { return down(s) })
	try("down too far", func() int { return downTooFar(s, &n) })
	fmt.Println(n)
	try("unsigned", func() int { return unsigned(s) })
	try("unsigned empty", func() int { return unsigned(nil) })
	try("neighbours", func() int { return neighbours(s, 4) })
	try("neighbours too far", func() int { return neighbours(s, 5) })
	try("step", func() int { return step(s, 1, 2) })
	try("step from -1", func() int { return step(s, -1, 2) })
	try("step overflows", func() int { return step(s, 3, math.MaxInt-2) })
	try("shrinking", func() int { return shrinking([]int{2, 1, 4, 1, 6}) })
	try("other", func() int { return other(s, s) })
	try("other shorter", func() int { return other(s, s[:3]) })
	for _, r := range [][2]int{{0, 5}, {1, 3}, {5, 5}, {3, 2}, {-1, 2}, {0, 6}} {
		try("middle", func() int { return middle(s, r[0], r[1]) })
	}
	var table [256]int
	table['a'], table[255], table[1], table[15], table[127] = 1, 10, 100, 1000, 10000
	try("bytes", func() int { return bytes(&table, "a\xff") })
	try("near max", func() int { return nearMax(s, 3) })
	try("near max overflow", func() int { return nearMax(s, math.MaxInt) })
	try("near max -1", func() int { return nearMax(s, -1) })
	try("near max -2", func() int { return nearMax(s, -2) })
	fmt.Println(partial(s))
}
