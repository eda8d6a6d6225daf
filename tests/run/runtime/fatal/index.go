// An index out of range.
package main

func main() {
	var a []int
	i := 5
	println(a[i])
}
