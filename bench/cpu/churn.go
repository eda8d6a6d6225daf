// Allocation of objects that die soon, of several sizes, with and without pointers.
package main

import "bench/measure"

type small struct {
	next  *small
	value int
}

type record struct {
	name  []byte
	links [2]*small
	score float64
}

func main() {
	const rounds = 200_000
	window := make([]*record, 1024)
	measure.Row("small-object churn", rounds, func() uint64 {
		var sum uint64
		for i := range rounds {
			r := &record{name: make([]byte, 8+i%48), score: float64(i)}
			r.links[0] = &small{value: i}
			r.links[1] = &small{next: r.links[0], value: i * 3}
			r.name[i%8] = byte(i)
			if old := window[i%len(window)]; old != nil {
				sum += uint64(old.links[1].next.value) + uint64(len(old.name))
			}
			window[i%len(window)] = r
		}
		clear(window)
		return sum
	})
}
