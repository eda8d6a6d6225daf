// Claim: the number of deferred calls of one function has no limit; below and above any
// number a compiler treats specially they are the same.
package main

import "fmt"

func chain(n int) (order []int) {
	func() {
		for j := 0; j < n; j++ {
			defer func(id int) { order = append(order, id) }(j)
		}
	}()
	return order
}

func reversed(order []int) bool {
	for i, id := range order {
		if id != len(order)-1-i {
			return false
		}
	}
	return true
}

// open has nine defer statements, more than fit into eight bits.
func open(mask int) (order []int) {
	func() {
		if mask&1 != 0 {
			defer func() { order = append(order, 1) }()
		}
		if mask&2 != 0 {
			defer func() { order = append(order, 2) }()
		}
		if mask&4 != 0 {
			defer func() { order = append(order, 3) }()
		}
		if mask&8 != 0 {
			defer func() { order = append(order, 4) }()
		}
		if mask&16 != 0 {
			defer func() { order = append(order, 5) }()
		}
		if mask&32 != 0 {
			defer func() { order = append(order, 6) }()
		}
		if mask&64 != 0 {
			defer func() { order = append(order, 7) }()
		}
		if mask&128 != 0 {
			defer func() { order = append(order, 8) }()
		}
		if mask&256 != 0 {
			defer func() { order = append(order, 9) }()
		}
	}()
	return order
}

func main() {
	for _, n := range []int{0, 1, 7, 8, 9, 16, 17, 32, 33, 1000, 100_000} {
		order := chain(n)
		fmt.Println(n, len(order), reversed(order))
	}
	for _, mask := range []int{0, 1, 256, 511, 341, 170} {
		fmt.Println(mask, open(mask))
	}
	hash := 0
	for mask := range 512 {
		for _, id := range open(mask) {
			hash = (hash*31 + id) % 1_000_003
		}
	}
	fmt.Println(hash)
}
