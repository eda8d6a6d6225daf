// A panic in an initialiser, before main.
package main

import "fmt"

var table = build(3)

func build(n int) []int {
	s := make([]int, n)
	s[n] = 1
	return s
}

func init() { fmt.Println("never") }

func main() { fmt.Println(table) }
