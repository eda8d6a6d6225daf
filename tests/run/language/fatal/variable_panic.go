// A panic while a package variable is initialised.
package main

import "fmt"

var table = build(4)
var last = table[len(table)]

func build(n int) (t []int) {
	for i := range n {
		t = append(t, i*i)
	}
	fmt.Println("built", t)
	return t
}

func init() { fmt.Println("never") }

func main() { fmt.Println("never", last) }
