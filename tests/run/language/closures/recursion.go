// Recursion through closures and functions: mutual, with memory, deep, combinators.
package main

import "fmt"

func ackermann(m, n int) int {
	if m == 0 {
		return n + 1
	}
	if n == 0 {
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

type fix[A, R any] func(fix[A, R]) func(A) R

func y[A, R any](f func(func(A) R) func(A) R) func(A) R {
	g := fix[A, R](func(x fix[A, R]) func(A) R {
		return f(func(a A) R { return x(x)(a) })
	})
	return g(g)
}

func hanoi(n int, from, to, via string, move func(string, string)) {
	if n > 0 {
		hanoi(n-1, from, via, to, move)
		move(from, to)
		hanoi(n-1, via, to, from, move)
	}
}

func queens(n int) (count int) {
	columns := make([]int, 0, n)
	var place func()
	place = func() {
		row := len(columns)
		if row == n {
			count++
			return
		}
	next:
		for c := range n {
			for r, other := range columns {
				if other == c || other-c == row-r || c-other == row-r {
					continue next
				}
			}
			columns = append(columns, c)
			place()
			columns = columns[:row]
		}
	}
	place()
	return count
}

func depth(n int) int {
	var pad [20]int
	pad[n%20] = n
	if n == 0 {
		return pad[0]
	}
	return depth(n-1) + pad[n%20] - n + 1
}

func main() {
	fmt.Println(ackermann(2, 3), ackermann(3, 5))
	fact := y(func(self func(int) int) func(int) int {
		return func(n int) int {
			if n <= 1 {
				return 1
			}
			return n * self(n-1)
		}
	})
	fmt.Println(fact(10), fact(20))
	var even, odd func(int) bool
	even = func(n int) bool { return n == 0 || odd(n-1) }
	odd = func(n int) bool { return n != 0 && even(n-1) }
	fmt.Println(even(1000), odd(1000), even(7))
	memo := map[int]int{}
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		if v, ok := memo[n]; ok {
			return v
		}
		memo[n] = fib(n-1) + fib(n-2)
		return memo[n]
	}
	fmt.Println(fib(90), len(memo))
	moves := 0
	hanoi(10, "a", "b", "c", func(string, string) { moves++ })
	fmt.Println(moves, queens(6), queens(8))
	fmt.Println(depth(100_000))
	compose := func(fs ...func(int) int) func(int) int {
		return func(x int) int {
			for _, f := range fs {
				x = f(x)
			}
			return x
		}
	}
	add := func(n int) func(int) int { return func(x int) int { return x + n } }
	fmt.Println(compose(add(1), add(10), compose(add(100), fact))(-106))
}
