// Scopes: shadowed variables, types, functions, builtins and packages; redeclaration;
// if-else chains; what := assigns and what it declares.
package main

import "fmt"

var x = "package"

type T int

func f() string { return "package f" }

func pair(n int) (int, error) {
	if n < 0 {
		return n, fmt.Errorf("negative %d", n)
	}
	return n, nil
}

func redeclare() (n int, err error) {
	n, err = pair(1)
	m, err := pair(-2)
	if m, err := pair(-3); err != nil {
		fmt.Println("inner", m, err)
	}
	if n, e := pair(5); e == nil {
		defer func() { fmt.Println("n inside", n) }()
		n++
	}
	return n + m, err
}

func chain(n int) string {
	if a := n * 2; a < 0 {
		return fmt.Sprint("a ", a)
	} else if b := a + 1; b > 10 {
		return fmt.Sprint("b ", a, b)
	} else if a, c := b, a; a > c+5 {
		return "never"
	} else {
		return fmt.Sprint("else ", a, b, c)
	}
}

func main() {
	fmt.Print(x, " ")
	x := x + " local"
	{
		x := len(x)
		x++
		fmt.Print(x, " ")
		var f = func() string { return "local f" }
		fmt.Print(f(), " ")
	}
	fmt.Println(x, f())
	type T string
	type U = T
	var t T = "text"
	{
		type T struct{ t U }
		fmt.Printf("%T %T %v\n", t, T{t}, T{"in"})
	}
	fmt.Println(redeclare())
	fmt.Println(chain(-1), chain(6), chain(2))
	len := func(s string) string { return "my len of " + s }
	nil := 5
	true := false
	int := 3.5
	string := "type"
	fmt.Println(len("x"), nil, true, int, string)
	{
		fmt := struct{ Println func(a ...any) }{func(a ...any) { print() }}
		fmt.Println("not printed")
	}
	append := func(a, b rune) rune { return a + b }
	fmt.Println(append('a', 1))
	iota := 9
	const c = 1
	var _, y = 1, 2
	a, b := 1, 2
	b, d := 3, 4
	_, e := a, b
	fmt.Println(iota, c, y, a, b, d, e)
	for x := range 2 {
		x := fmt.Sprint("turn ", x)
		fmt.Print(x, " ")
	}
	switch x := any(x).(type) {
	case interface{ M() }:
		_ = x
	default:
		x = "changed"
		fmt.Println(x)
	}
	fmt.Println(x)
	func(x bool) { fmt.Println(x) }(true)
	var recursive func(n uint8) uint8
	recursive = func(n uint8) uint8 {
		if n == 0 {
			return 0
		}
		n, m := n-1, n
		return m + recursive(n)
	}
	fmt.Println(recursive(20))
}
