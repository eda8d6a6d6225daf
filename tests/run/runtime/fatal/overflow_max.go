// debug.SetMaxStack makes the stack's end come early.
package main

import "runtime/debug"

func f(n int) int {
	var pad [128]int
	pad[n%128] = n
	return f(n+1) + pad[5]
}

func main() {
	debug.SetMaxStack(64 << 10)
	println(f(0))
}
