//test:nobuild

// Conversions, assignments and operations with type parameters whose type sets don't allow
// them.
package main

type small interface{ ~int8 | ~uint8 }
type chans interface{ chan int | chan string }
type pointers interface{ *int | *string }
type numbers interface{ int | ~int }
type set interface{ M() }

func constant[T small]() T            { return 256 }
func convert[T small]() T             { return T(256) }
func text[T any](x string) T          { return T(x) }
func receive[C chans](c C)            { <-c }
func indirect[P pointers](p P)        { _ = *p }
func assign[T []int | struct{}](x T)  { var s []int = x; _ = s }
func shadow[int any](x int)           { var y int = 1; _ = y }
func union[T set | numbers]()         {}
func literal[P *[]int | *[2]int](x P) { _ = P{} }
func lower[X ~string | int, T []byte](x X) {
	_ = T(x)
}

func main() {}
