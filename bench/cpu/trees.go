// Allocation of linked objects: binary trees, some of which live long.
package main

import "bench/measure"

type node struct{ left, right *node }

func grow(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{grow(depth - 1), grow(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	const most = 14
	measure.Row("binary trees", 1, func() uint64 {
		lasting := grow(most)
		total := 0
		for depth := 4; depth <= most; depth += 2 {
			for range 1 << (most - depth + 2) {
				total += grow(depth).count()
			}
		}
		return uint64(total + lasting.count())
	})
}
