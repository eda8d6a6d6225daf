// for in all its forms: condition, three clauses, ranges over everything, blank and
// existing variables, changed bounds, ranges over integers of types, nothing.
package main

import "fmt"

type small uint8
type list []string

func calls(s string) []int { fmt.Print(s, " "); return []int{1, 2, 3} }

func main() {
	n := 0
	for n < 3 {
		n++
	}
	for {
		if n++; n > 6 {
			break
		}
	}
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		n += i * j
	}
	fmt.Println(n)
	for i := range 3 {
		i *= 10
		fmt.Print(i, " ")
	}
	for i := range small(4) {
		fmt.Printf("%T%v ", i, i)
	}
	for range -5 {
		fmt.Print("never")
	}
	const c = 2
	for i := range c {
		fmt.Printf("%T ", i)
	}
	var u8 uint8 = 255
	total := 0
	for i := range u8 {
		total += int(i)
	}
	fmt.Println(total)
	var k int64
	for k = range 5 {
	}
	fmt.Println(k)
	limit := 3
	for i := range limit {
		limit = 10
		fmt.Print(i, " ")
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		s = append(s, v*10)
		if i == 0 {
			s[1] = 20
		}
		fmt.Print(i, v, " ")
	}
	fmt.Println(s)
	for _, v := range calls("once") {
		fmt.Print(v)
	}
	for range calls("once more") {
		fmt.Print(".")
	}
	for i := range (list{"a", "b"}) {
		fmt.Print(i)
	}
	fmt.Println()
	var i, v int
	for i, v = range []int{5, 6, 7} {
	}
	fmt.Println(i, v)
	arr := [3]int{}
	for arr[0], arr[1] = range []int{8, 9} {
	}
	for _, arr[2] = range []int{4} {
	}
	fmt.Println(arr)
	type at struct{ i, v int }
	p := new(at)
	for p.i, p.v = range arr[:] {
	}
	fmt.Println(*p)
	ch := make(chan string, 3)
	ch <- "x"
	ch <- "y"
	close(ch)
	for m := range ch {
		fmt.Print(m)
	}
	for range ch {
	}
	for i, row := range [][]int{{1}, {2, 3}, nil} {
		for j, x := range row {
			fmt.Print(" ", i, j, x)
		}
	}
	fmt.Println()
	for i := 0; i < 3; i++ {
		i := i * 2
		fmt.Print(i, " ")
	}
	for i := 10; i > 0; i /= 2 {
		if i == 5 {
			continue
		}
		fmt.Print(i, " ")
	}
	var f func()
	for i := 0; f == nil; i++ {
		if i == 3 {
			f = func() { fmt.Println("found", i) }
		}
	}
	f()
	for i := range 3 {
		defer func() { fmt.Print("deferred ", i, " ") }()
	}
	var ptr *[4]int
	for i := range ptr {
		n = i
	}
	fmt.Println(n, len(ptr))
	for x, done := 1, false; !done; x, done = x*2, x > 50 {
		n = x
	}
	fmt.Println(n)
}
