// Expression switches: order of evaluation, fallthrough, default anywhere, no tag, several
// values, strings, duplicates of non-constants, init, interface tags, constants of types.
package main

import "fmt"

func v(n int) int { fmt.Print("v", n, " "); return n }

func order(n int) string {
	switch v(n) {
	case v(1), v(2):
		return "one or two"
	case v(3):
		return "three"
	default:
		return "other"
	}
}

func fall(n int) (s string) {
	switch n {
	case 0:
		s += "0"
		fallthrough
	default:
		s += "d"
		if n == 9 {
			break
		}
		fallthrough
	case 1:
		s += "1"
		fallthrough
	case 2:
		s += "2"
	case 3:
	case 4:
		s += "4"
	}
	return s
}

func grade(n int) string {
	switch {
	case n < 0, n > 100:
		return "?"
	case n >= 90:
		return "A"
	case n >= 50:
		return "B"
	}
	return "F"
}

func word(s string) int {
	switch s {
	case "":
		return 0
	case "alpha", "beta":
		return 1
	case "gamma" + "!":
		return 2
	case "a very long string that is compared", "another":
		return 3
	}
	return -1
}

func dense(n int) int {
	switch n {
	case 1:
		return 10
	case 2:
		return 20
	case 3:
		return 30
	case 4:
		return 40
	case 5:
		return 50
	case 6:
		return 60
	case -1:
		return 70
	case 1 << 40:
		return 80
	}
	return 0
}

func tag(x any) string {
	switch x {
	case 1:
		return "int 1"
	case "s":
		return "string s"
	case nil:
		return "nil"
	case 2.5, true:
		return "2.5 or true"
	case [2]int{1, 2}:
		return "array"
	}
	return "none"
}

func main() {
	for _, n := range []int{1, 2, 3, 4} {
		fmt.Println(order(n))
	}
	for n := range 6 {
		fmt.Print(fall(n), " ")
	}
	fmt.Println(fall(9))
	fmt.Println(grade(-1), grade(95), grade(90), grade(50), grade(49))
	fmt.Println(word(""), word("beta"), word("gamma!"), word("another"), word("x"))
	for _, n := range []int{0, 1, 3, 6, 7, -1, 1 << 40} {
		fmt.Print(dense(n), " ")
	}
	fmt.Println()
	fmt.Println(tag(1), tag(int8(1)), tag("s"), tag(nil), tag(true), tag(2.5), tag([2]int{1, 2}), tag('s'))
	func() {
		defer func() { fmt.Println(recover()) }()
		var f any = func() {}
		switch f {
		case 1:
		case f:
		}
	}()
	x := 5
	switch x := x * 2; {
	case x == 10:
		x++
		fmt.Print(x, " ")
	}
	switch a, b := 1, 2; a + b {
	case x - 2:
		fmt.Print("x-2 ")
	case 3:
		fmt.Print("3 ")
	}
	switch true {
	case false:
	case x > 3:
		fmt.Print("true ")
	}
	switch {
	}
	switch x {
	}
	switch r := 'b'; r {
	case 'a', 'b':
		fmt.Println("rune")
	}
	var e error
	switch e {
	case nil:
		fmt.Println("no error")
	}
	switch u := uint8(200); u {
	case 'È':
		fmt.Println("200 is È")
	}
	p := &x
	switch p {
	case nil, &x:
		fmt.Println("pointer")
	}
}
