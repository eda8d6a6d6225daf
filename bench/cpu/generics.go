// Generic functions and types: folds over slices with functions, a heap, a list.
package main

import (
	"cmp"

	"bench/measure"
)

func fold[T, A any](items []T, start A, f func(A, T) A) A {
	for _, item := range items {
		start = f(start, item)
	}
	return start
}

func transform[T, U any](items []T, f func(T) U) []U {
	out := make([]U, 0, len(items))
	for _, item := range items {
		out = append(out, f(item))
	}
	return out
}

func largest[T cmp.Ordered](items []T) T {
	best := items[0]
	for _, item := range items {
		if item > best {
			best = item
		}
	}
	return best
}

type heap[T cmp.Ordered] struct{ items []T }

func (h *heap[T]) push(x T) {
	h.items = append(h.items, x)
	i := len(h.items) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if h.items[parent] <= h.items[i] {
			return
		}
		h.items[parent], h.items[i] = h.items[i], h.items[parent]
		i = parent
	}
}

func (h *heap[T]) pop() T {
	top := h.items[0]
	last := len(h.items) - 1
	h.items[0] = h.items[last]
	h.items = h.items[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && h.items[child+1] < h.items[child] {
			child++
		}
		if h.items[i] <= h.items[child] {
			return top
		}
		h.items[i], h.items[child] = h.items[child], h.items[i]
		i = child
	}
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func find[K comparable, V any](pairs []pair[K, V], key K) (V, bool) {
	for i := range pairs {
		if pairs[i].key == key {
			return pairs[i].value, true
		}
	}
	var none V
	return none, false
}

func main() {
	const n = 50_000
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i * 7919 % 100_003
	}
	pairs := make([]pair[int32, int], 64)
	for i := range pairs {
		pairs[i] = pair[int32, int]{int32(i * 3), i}
	}
	measure.Row("generics", n, func() uint64 {
		sum := fold(numbers, 0, func(a, x int) int { return a + x&0xff })
		halves := transform(numbers, func(x int) float64 { return float64(x) / 2 })
		sum += int(largest(halves)) + largest(numbers)
		var h heap[int]
		for _, x := range numbers[:n/5] {
			h.push(x)
		}
		for i := range n / 5 {
			sum += h.pop() * (i & 3)
		}
		for i := range n / 10 {
			value, found := find(pairs, int32(i%200))
			if found {
				sum += value
			}
		}
		return uint64(sum)
	})
}
