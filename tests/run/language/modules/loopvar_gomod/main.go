// A module of Go 1.21 has shared loop variables; a file with a later version in its build
// constraint has its own rules.
package main

import "fmt"

func old() (fs []func() int) {
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { return i })
	}
	for _, v := range []int{10, 20} {
		fs = append(fs, func() int { v++; return v })
	}
	return fs
}

func main() {
	for _, f := range old() {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	for _, f := range later() {
		fmt.Print(f(), " ")
	}
	fmt.Println()
}
