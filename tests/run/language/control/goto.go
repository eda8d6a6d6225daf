// goto: loops made of it, out of blocks, over blocks, with closures capturing variables
// that are made anew, state machines.
package main

import "fmt"

func collatz(n int) (steps int) {
loop:
	if n == 1 {
		return
	}
	steps++
	if n%2 == 0 {
		n /= 2
		goto loop
	}
	n = 3*n + 1
	goto loop
}

func machine(input string) (out string) {
	i := 0
start:
	if i == len(input) {
		goto end
	}
	switch input[i] {
	case '"':
		i++
		goto quoted
	case ' ':
		i++
		goto start
	}
	out += string(input[i])
	i++
	goto start
quoted:
	for ; i < len(input); i++ {
		if input[i] == '"' {
			i++
			out += "]"
			goto start
		}
		out += "[" + string(input[i])
	}
	out += "!"
end:
	return out
}

func fresh() (fs []func() int) {
	i := 0
again:
	{
		x := i * 10
		fs = append(fs, func() int { x++; return x })
	}
	if i++; i < 3 {
		goto again
	}
	return fs
}

func nested(m [][]int) (r int) {
	for _, row := range m {
		for _, v := range row {
			if v < 0 {
				goto negative
			}
			r += v
		}
	}
	return r
negative:
	return -r
}

func defers() (s string) {
	defer func() { s += "." }()
	n := 0
top:
	defer func(n int) { s += fmt.Sprint(n) }(n)
	n++
	if n < 4 {
		goto top
	}
	return "r"
}

func main() {
	fmt.Println(collatz(27), collatz(1), collatz(97))
	fmt.Println(machine(`ab "cd" e`), machine(`"open`), machine(""))
	fs := fresh()
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println(nested([][]int{{1, 2}, {3}}), nested([][]int{{1, 2}, {-1}, {50}}), defers())
}
