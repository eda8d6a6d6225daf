// Exhaustion of the stack by mutual recursion through an interface and a closure.
package main

type walker interface {
	walk(n int, f func(int) int) int
}
type a struct{}
type b struct{}

func (a) walk(n int, f func(int) int) int {
	var x [100]int
	x[n%100] = f(n)
	return b{}.walk(n+1, f) + x[0]
}
func (b) walk(n int, f func(int) int) int { var w walker = a{}; return w.walk(n+1, f) + 1 }

func main() {
	println(a{}.walk(0, func(i int) int { return i }))
}
