// Calls: the naive Fibonacci function.
package main

import "bench/measure"

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	measure.Row("fib(35)", 1, func() uint64 { return uint64(fib(35)) })
}
