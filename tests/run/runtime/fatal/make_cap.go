// make with a capacity below the length.
package main

var n, c = 5, 3

func main() {
	println(len(make([]int, n, c)))
}
