//test:stderr

// print and println write to standard error in formats of their own.
package main

type small int8
type text string

func main() {
	println()
	println(1, -1, uint8(255), int64(-1<<63), uint64(1<<64-1), small(-5), 'x', uintptr(7))
	println(true, false, "string", text("named"), "")
	println(1.5, -0.1, 1e100, 1e-7, float32(0.1), 100.0)
	println(1+2i, complex64(-0.5i))
	var zero float64
	println(1/zero, -1/zero, zero/zero, -zero)
	var p *int
	var s []int
	var m map[int]int
	var f func()
	var c chan int
	var e error
	var i any
	println(p, s, m, f, c, e, i)
	print("no", "spaces", 1, 2, true, 1.5, "\n")
	print("a\tb\n")
	println("é日本", "\x00end")
	println(len("abc"), cap(make([]int, 2, 5)), nil == e)
	for i := range 3 {
		print(i, " ")
	}
	println()
	defer println("deferred", 1, "s")
	func() {
		defer func() { println("recovered", recover().(string)) }()
		panic("p")
	}()
}
