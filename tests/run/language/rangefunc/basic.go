// Ranging over functions: none, one and two values; break, continue, return, labels, goto;
// existing variables; nested; recursion; early ends.
package main

import (
	"fmt"
	"iter"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("[end]")
		for i := range n {
			if !yield(i) {
				fmt.Print("[stopped at ", i, "]")
				return
			}
		}
	}
}

func enumerate[T any](s []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, v := range s {
			if !yield(i, v) {
				return
			}
		}
	}
}

func thrice(yield func() bool) {
	for range 3 {
		if !yield() {
			return
		}
	}
}

type tree struct {
	left, right *tree
	v           int
}

func (t *tree) all(yield func(int) bool) bool {
	return t == nil || t.left.all(yield) && yield(t.v) && t.right.all(yield)
}
func (t *tree) each() iter.Seq[int] { return func(yield func(int) bool) { t.all(yield) } }

func find(want int) (int, string) {
	for i := range count(10) {
		if i == want {
			return i * 100, "found"
		}
	}
	return -1, "absent"
}

func pairs() (sum int) {
outer:
	for i := range count(4) {
		for j := range count(4) {
			switch {
			case j == 2:
				continue outer
			case i == 2:
				break outer
			case j == 0:
				continue
			}
			sum += i*10 + j
		}
	}
	return sum
}

func deep() string {
	for i := range count(2) {
		for j := range count(2) {
			for k, s := range enumerate([]string{"a", "b"}) {
				if i+j+k == 3 {
					return fmt.Sprint(i, j, k, s)
				}
			}
		}
	}
	return "none"
}

func jump() (n int) {
	for i := range count(5) {
		if i == 3 {
			goto out
		}
		n += i
	}
	return -1
out:
	return n
}

func main() {
	for i := range count(3) {
		fmt.Print(i, " ")
	}
	fmt.Println()
	for range count(2) {
		fmt.Print(". ")
	}
	for range thrice {
		fmt.Print("x ")
	}
	fmt.Println()
	var i int
	var s string
	for i, s = range enumerate([]string{"p", "q", "r"}) {
		if i == 1 {
			break
		}
	}
	fmt.Println(i, s)
	fmt.Println(find(4))
	fmt.Println(find(40))
	fmt.Println(pairs())
	fmt.Println(deep())
	fmt.Println(jump())
	t := &tree{&tree{nil, nil, 1}, &tree{&tree{nil, nil, 3}, nil, 4}, 2}
	for v := range t.each() {
		if v == 4 {
			break
		}
		fmt.Print(v, " ")
	}
	arr := [3]int{}
	for arr[0], arr[1] = range enumerate([]int{7, 8}) {
	}
	fmt.Println(arr)
	var fs []func() int
	for v := range count(3) {
		fs = append(fs, func() int { v += 10; return v })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
}
