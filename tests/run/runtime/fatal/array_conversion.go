// Converting a short slice to an array.
package main

var s = []int{1, 2, 3}

func main() {
	println(len([3]int(s)))
	println(len(*(*[4]int)(s)))
}
