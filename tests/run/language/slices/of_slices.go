// Slices of slices: ragged tables, shared rows, in-place algorithms, three-index slices.
package main

import (
	"fmt"
	"slices"
)

func pascal(n int) (rows [][]int) {
	for i := range n {
		row := make([]int, i+1)
		row[0], row[i] = 1, 1
		for j := 1; j < i; j++ {
			row[j] = rows[i-1][j-1] + rows[i-1][j]
		}
		rows = append(rows, row)
	}
	return rows
}

func table(rows, columns int) [][]int {
	cells := make([]int, rows*columns)
	t := make([][]int, rows)
	for i := range t {
		t[i], cells = cells[:columns:columns], cells[columns:]
	}
	return t
}

func transpose(m [][]int) [][]int {
	t := table(len(m[0]), len(m))
	for i, row := range m {
		for j, v := range row {
			t[j][i] = v
		}
	}
	return t
}

func permutations(s []int, each func([]int)) {
	if len(s) <= 1 {
		each(s)
		return
	}
	var walk func(int)
	walk = func(k int) {
		if k == len(s) {
			each(s)
			return
		}
		for i := k; i < len(s); i++ {
			s[k], s[i] = s[i], s[k]
			walk(k + 1)
			s[k], s[i] = s[i], s[k]
		}
	}
	walk(0)
}

func subsets[T any](s []T) [][]T {
	result := [][]T{{}}
	for _, v := range s {
		for _, r := range result {
			result = append(result, append(slices.Clip(r), v))
		}
	}
	return result
}

func filter(s []int, keep func(int) bool) []int {
	kept := s[:0]
	for _, v := range s {
		if keep(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

func main() {
	fmt.Println(pascal(7))
	t := table(2, 3)
	t[0][1], t[1][2] = 5, 7
	t[0] = append(t[0], 100)
	fmt.Println(t, transpose([][]int{{1, 2, 3}, {4, 5, 6}}))
	count := 0
	permutations([]int{1, 2, 3, 4}, func(p []int) {
		if count++; count%5 == 0 {
			fmt.Print(p)
		}
	})
	fmt.Println(count)
	fmt.Println(subsets([]string{"a", "b", "c"}))
	s := []int{1, 2, 3, 4, 5, 6}
	even := filter(s, func(v int) bool { return v%2 == 0 })
	fmt.Println(even, s)
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
	fmt.Println(s, slices.Sorted(slices.Values(s)))
	words := map[int][]string{}
	for _, w := range []string{"a", "bb", "cc", "d", "eee"} {
		words[len(w)] = append(words[len(w)], w)
	}
	words[9] = append(words[9])
	fmt.Println(words, words[9] == nil, len(words))
}
