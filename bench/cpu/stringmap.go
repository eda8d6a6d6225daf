// Maps with string keys: words counted, looked up and missed.
package main

import (
	"strconv"

	"bench/measure"
)

func main() {
	const n = 20_000
	words := make([]string, n)
	for i := range words {
		words[i] = "word-" + strconv.Itoa(i*7919%10007)
		if i%5 == 0 {
			words[i] += "-with-a-longer-tail-than-others"
		}
	}
	measure.Row("string map", n, func() uint64 {
		counts := make(map[string]int)
		for _, w := range words {
			counts[w]++
		}
		var sum uint64
		for i, w := range words {
			sum += uint64(counts[w] * i)
			if counts[w[1:]] != 0 {
				sum++
			}
		}
		for w, c := range counts {
			sum += uint64(len(w) * c)
		}
		return sum
	})
}
