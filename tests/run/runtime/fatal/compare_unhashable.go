// Comparing interfaces that hold functions in a struct.
package main

func main() {
	type s struct {
		a int
		f any
	}
	var x, y any = s{1, func() {}}, s{1, func() {}}
	println(x == y)
}
