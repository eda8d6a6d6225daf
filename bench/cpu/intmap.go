// Maps with integer keys: insertion, hits, misses, deletion, iteration.
package main

import "bench/measure"

func main() {
	const n = 50_000
	measure.Row("int map", n, func() uint64 {
		m := make(map[int]int)
		key := uint32(1)
		for i := range n {
			key = key*1664525 + 1013904223
			m[int(key>>8)] += i
		}
		var sum uint64
		key = 1
		for range n {
			key = key*1664525 + 1013904223
			sum += uint64(m[int(key>>8)])
			if _, found := m[-int(key>>8)]; found {
				sum++
			}
		}
		key = 1
		for range n / 2 {
			key = key*1664525 + 1013904223
			delete(m, int(key>>8))
		}
		for k, v := range m {
			sum += uint64(k ^ v)
		}
		return sum + uint64(len(m))
	})
}
