// The language version of a file is its module's, or what its build constraint asks for: loop
// variables, range over integers and functions, min and max shadowed as before.
package main

import "fmt"

func main() {
	fmt.Println("module", oldLoop(), "file", newLoop())
	fmt.Println(oldWhole(), newWhole())
	fmt.Println(integers(), functions())
}

func oldLoop() (out []int) {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		out = append(out, f())
	}
	return
}

func oldWhole() (out []int) {
	var ps []*int
	for i, v := range []int{5, 6, 7} {
		if i < 3 {
			ps = append(ps, &v)
		}
	}
	for _, p := range ps {
		out = append(out, *p)
	}
	return
}
