// Sorting: integers, strings, and structs by a function.
package main

import (
	"slices"
	"sort"
	"strconv"

	"bench/measure"
)

type person struct {
	name string
	age  int
}

func main() {
	const n = 20_000
	numbers := make([]int, n)
	names := make([]string, n)
	people := make([]person, n)
	x := uint32(7)
	for i := range numbers {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		numbers[i] = int(x)
		names[i] = strconv.FormatUint(uint64(x), 36)
		people[i] = person{names[i], int(x >> 8 % 100)}
	}
	ints, texts, sorted := make([]int, n), make([]string, n), make([]person, n)
	measure.Row("sort", n, func() uint64 {
		copy(ints, numbers)
		sort.Ints(ints)
		copy(texts, names)
		slices.Sort(texts)
		copy(sorted, people)
		sort.Slice(sorted, func(i, j int) bool {
			a, b := &sorted[i], &sorted[j]
			return a.age < b.age || a.age == b.age && a.name < b.name
		})
		return uint64(ints[n/3]) ^ uint64(len(texts[n/2]))<<40 ^ uint64(sorted[n/4].age)
	})
}
