// Variadic functions: none, some, a slice passed through and shared, nil, interfaces,
// methods, function values, closures, evaluation.
package main

import "fmt"

func ints(vs ...int) string                      { return fmt.Sprint(len(vs), vs == nil, vs) }
func anys(vs ...any) string                      { return fmt.Sprint(len(vs), vs == nil, vs) }
func mixed(s string, vs ...string) (string, int) { return s, len(vs) }
func change(vs ...int)                           { vs[0] = 99 }
func slices(vs ...[]int) int                     { return len(vs) }
func pair() (int, int)                           { return 1, 2 }
func triple() (string, string, string)           { return "a", "b", "c" }
func generic[T any](vs ...T) string              { return fmt.Sprintf("%T %d", vs, len(vs)) }

type logger struct{ lines []string }

func (l *logger) log(format string, args ...any) *logger {
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
	return l
}

type printer interface{ log(string, ...any) *logger }

func main() {
	fmt.Println(ints(), ints(1), ints(1, 2, 3), ints([]int{}...), ints(nil...), ints([]int{4, 5}...))
	fmt.Println(anys(), anys(nil), anys(nil, nil), anys([]any{1, "x"}...), anys([]any{1, "x"}), anys([]int{1, 2}), anys(nil...))
	fmt.Println(mixed("only"))
	fmt.Println(mixed(triple()))
	fmt.Println(ints(pair()), anys(triple()))
	s := []int{1, 2, 3}
	change(s...)
	a, b := 1, 2
	change(a, b)
	fmt.Println(s, a, b)
	fmt.Println(slices(s), slices(s, nil), slices([][]int{s, s, s}...))
	fmt.Println(generic[int](), generic("a", "b"), generic([]any{1}...), generic(s), generic(s...), generic[any](1, "x", nil))
	l := &logger{}
	l.log("plain").log("%d %s", 1, "two").log("%v", []any{1, 2}...)
	var p printer = l
	f := p.log
	f("through %s", "a value")
	fmt.Printf("%q\n", l.lines)
	sum := func(start int, vs ...int) int {
		for _, v := range vs {
			start += v
		}
		return start
	}
	fmt.Println(sum(1), sum(1, 2, 3), sum(10, s...))
	var g func(...int) string = ints
	fmt.Println(g(7, 8), func(vs ...func() int) (n int) {
		for _, f := range vs {
			n = n*10 + f()
		}
		return
	}(func() int { return 1 }, func() int { return 2 }))
	keep := func(vs ...int) []int { return vs }
	k := keep(s...)
	k[1] = -1
	j := keep(1, 2)
	j = append(j, 3)
	fmt.Println(s, j, &k[0] == &s[0])
	order := func(n int) int { fmt.Print("arg", n, " "); return n }
	fmt.Println(sum(order(1), order(2), order(3)))
	defer fmt.Println(append([]any{"deferred"}, anys(1))...)
}
