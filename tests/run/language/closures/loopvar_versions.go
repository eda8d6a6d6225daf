//go:build go1.21

// Loop variables by language version: this file says 1.21, so there is one for the whole loop.
package main

import "fmt"

func main() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	var ps []*int
	for _, v := range []int{1, 2, 3} {
		ps = append(ps, &v)
	}
	for _, p := range ps {
		fmt.Print(*p, " ")
	}
	fmt.Println(ps[0] == ps[2])
	fs = nil
	for i, s := range "abc" {
		defer func() { fmt.Println("deferred", i, string(s)) }()
		fs = append(fs, func() int { return i })
	}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	for k, v := range map[string]int{"only": 1} {
		defer func() { fmt.Println(k, v) }()
	}
	for i := 0; i < 2; i++ {
		i := i
		defer func() { fmt.Println("copied", i) }()
	}
outer:
	for i := 0; ; i++ {
		f := func() bool { return i > 3 }
		switch {
		case f():
			break outer
		case i == 1:
			i++
			continue outer
		}
		fmt.Print(i, " ")
	}
	fmt.Println()
}
