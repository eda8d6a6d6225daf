// A large slice of bools: the primes below two million.
package main

import "bench/measure"

func primes(limit int) int {
	composite := make([]bool, limit)
	count := 0
	for n := 2; n < limit; n++ {
		if composite[n] {
			continue
		}
		count++
		for multiple := n * n; multiple < limit; multiple += n {
			composite[multiple] = true
		}
	}
	return count
}

func main() {
	measure.Row("sieve", 1, func() uint64 { return uint64(primes(2_000_000)) })
}
