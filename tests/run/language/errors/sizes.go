//test:nobuild

// What gc's back end refuses: it is asked only when the rest is right, and knows of the
// place only what was declared last.
package main

type record struct {
	n int
	c chan [1 << 17]byte
}

func parameter(n int, c chan [1 << 18]byte) chan [1 << 19]byte { return nil }

var m map[int]chan [1 << 16]byte
var n, o = 1, make(chan [1 << 20]byte)

var huge [1 << 50]byte

func main() {
	x := 1
	println(x, make(chan [1 << 21]byte))
	var y struct {
		a int
		c chan [1 << 22]byte
	}
	_ = y
}
