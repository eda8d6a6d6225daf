// Small arrays of integers: pancake flips over all permutations.
package main

import "bench/measure"

func fannkuch(n int) (checksum, most int) {
	perm, work, count := make([]int, n), make([]int, n), make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	left := n
	for round := 0; ; round++ {
		for ; left > 1; left-- {
			count[left-1] = left
		}
		copy(work, perm)
		flips := 0
		for first := work[0]; first != 0; first = work[0] {
			for i, j := 0, first; i < j; i, j = i+1, j-1 {
				work[i], work[j] = work[j], work[i]
			}
			flips++
		}
		most = max(most, flips)
		if round%2 == 0 {
			checksum += flips
		} else {
			checksum -= flips
		}
		for {
			if left == n {
				return checksum, most
			}
			first := perm[0]
			for i := 0; i < left; i++ {
				perm[i] = perm[i+1]
			}
			perm[left] = first
			count[left]--
			if count[left] > 0 {
				break
			}
			left++
		}
	}
}

func main() {
	measure.Row("fannkuch", 1, func() uint64 {
		checksum, most := fannkuch(9)
		return uint64(checksum)<<8 | uint64(most)
	})
}
