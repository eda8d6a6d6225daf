// Changing a map while ranging over it: deleted entries do not appear, changed values do,
// each entry at most once, clear ends it; the order is not the same every time.
package main

import "fmt"

func fill(n int) map[int]int {
	m := map[int]int{}
	for i := range n {
		m[i] = i
	}
	return m
}

func main() {
	for _, n := range []int{1, 5, 8, 9, 100, 1000} {
		m := fill(n)
		visits := 0
		for k := range m {
			delete(m, k)
			visits++
		}
		fmt.Println(n, visits, len(m))
		m = fill(n)
		seen := map[int]bool{}
		for k := range m {
			if seen[k] {
				fmt.Println("twice", k)
			}
			seen[k] = true
			delete(m, n-1-k)
		}
		bad := 0
		for k := range seen {
			if k != n-1-k && seen[n-1-k] {
				bad++
			}
		}
		fmt.Println(len(seen), bad, len(m))
		m = fill(n)
		visits = 0
		for range m {
			visits++
			clear(m)
		}
		fmt.Println(visits, len(m))
		m = fill(n)
		old, added := 0, 0
		for k, v := range m {
			if k < n {
				old++
				m[k] = v + 1
				m[n+k] = -1
			} else {
				added++
			}
			if v != k && k < n {
				fmt.Println("stale", k, v)
			}
		}
		fmt.Println(old, added <= n, len(m), m[0], m[n])
		m = fill(n)
		pairs := 0
		for k := range m {
			for j := range m {
				if k == j {
					pairs++
				}
				if n > 100 {
					break
				}
			}
		}
		fmt.Println(pairs == n || n > 100)
	}
	orders := map[int]bool{}
	m := fill(8)
	for range 1000 {
		for k := range m {
			orders[k] = true
			break
		}
	}
	fmt.Println("starts differ:", len(orders) > 1)
	m = fill(100)
	for k := range m {
		m = map[int]int{}
		if k < 0 {
			break
		}
	}
	fmt.Println(len(m))
	var none map[string]int
	for range none {
		fmt.Println("never")
	}
	for k, v := range map[string]int{"only": 1} {
		fmt.Println(k, v)
	}
}
