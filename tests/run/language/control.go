package main

import "fmt"

type kind int

const (
	a kind = iota + 1
	b
	_
	d
)

func classify(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", v)
	case string:
		return "string of " + fmt.Sprint(len(v))
	case []int:
		return fmt.Sprint("slice ", cap(v) >= len(v))
	case error:
		return "error " + v.Error()
	case func() int:
		return fmt.Sprint("func ", v())
	case fmt.Stringer:
		return v.String()
	}
	return "other"
}

func fallthroughs(n int) (s string) {
	switch {
	case n > 10:
		s += "big "
		fallthrough
	case n > 5:
		s += "medium "
		fallthrough
	case n < 0:
		s += "any "
	default:
		s += "small "
	}
	return
}

func primes(n int) (list []int) {
outer:
	for i := 2; i < n; i++ {
		for _, p := range list {
			if i%p == 0 {
				continue outer
			}
			if p*p > i {
				break
			}
		}
		list = append(list, i)
	}
	return
}

func gotos(n int) int {
	i, s := 0, 0
loop:
	if i >= n {
		goto done
	}
	s += i
	i++
	goto loop
done:
	return s
}

func closures() []func() int {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	return fs
}

func variadic(prefix string, xs ...int) string { return fmt.Sprint(prefix, len(xs), xs) }

func order() {
	trace := func(s string, v int) int { fmt.Print(s, " "); return v }
	x := []int{trace("a", 1), trace("b", 2), trace("c", 3)}
	x[trace("i", 0)], x[trace("j", 1)] = trace("x", 7), trace("y", 8)
	fmt.Println(x)
}

func main() {
	fmt.Println(a, b, d)
	for _, x := range []any{nil, 1, int64(2), "abc", []int{1}, fmt.Errorf("e"), func() int { return 3 }, 1.5} {
		fmt.Println(classify(x))
	}
	for _, n := range []int{20, 7, 3, -1} {
		fmt.Println(fallthroughs(n))
	}
	fmt.Println(primes(50), gotos(5))
	for _, f := range closures() {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	fmt.Println(variadic("p"), variadic("q", 1, 2), variadic("r", []int{3, 4, 5}...))
	order()
	for i := range 3 {
		defer func() { fmt.Print("d", i, " ") }()
	}
	for i, r := range "aé\xff世" {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println()
	var arr [5]int
	for i := range arr {
		arr[i] = i * i
	}
	s := arr[1:3:4]
	s = append(s, 100)
	s = append(s, 200)
	s[0] = -1
	fmt.Println(arr, s, len(s))
	m := map[string][]int{}
	m["x"] = append(m["x"], 1, 2)
	delete(m, "y")
	v, ok := m["z"]
	fmt.Println(m, v == nil, ok, len(m))
	clear(m)
	fmt.Println(len(m), min(3, 1, 2), max(2.5, 1))
	type point struct{ x, y int }
	pm := map[point]string{{1, 2}: "a", {3, 4}: "b"}
	fmt.Println(pm[point{3, 4}], point{1, 2} == point{1, 2}, [2]any{1, "a"} == [2]any{1, "a"})
}
