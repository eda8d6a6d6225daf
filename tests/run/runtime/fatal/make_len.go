// make with a length that no address space holds; the whole report is compared.
//
//test:stderr
package main

var n = 1 << 62

func main() {
	println(len(make([]int, n)))
}
