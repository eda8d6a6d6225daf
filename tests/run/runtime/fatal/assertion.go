// A failed type assertion.
package main

func main() {
	var x any = "s"
	println(x.(int))
}
