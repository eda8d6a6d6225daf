// Unbounded recursion by two functions and a method value is a fatal error.
package main

import "fmt"

type node struct{ next func(int) int }

func (n *node) even(k int) int {
	if k == 0 {
		return 0
	}
	return n.next(k-1) + 1
}
func (n *node) odd(k int) int { return n.even(k-1) + 1 }

func main() {
	n := &node{}
	n.next = n.odd
	fmt.Println(n.even(100000))
	defer func() { fmt.Println("never", recover()) }()
	fmt.Println(n.even(-1))
}
