// sort, slices, cmp: sorting, searching and the rest, on many shapes of input.
package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

type person struct {
	name string
	age  int
}
type byAge []person

func (b byAge) Len() int           { return len(b) }
func (b byAge) Less(i, j int) bool { return b[i].age < b[j].age }
func (b byAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func shapes(n int) map[string][]int {
	m := map[string][]int{}
	x := uint32(12345)
	for i := range n {
		x = x*1664525 + 1013904223
		m["random"] = append(m["random"], int(x>>16))
		m["up"] = append(m["up"], i)
		m["down"] = append(m["down"], n-i)
		m["equal"] = append(m["equal"], 7)
		m["saw"] = append(m["saw"], i%10)
		m["organ"] = append(m["organ"], min(i, n-i))
		m["almost"] = append(m["almost"], i^(int(x>>30)&1))
	}
	return m
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, r)
		}
	}()
	f()
}

func main() {
	for _, n := range []int{0, 1, 2, 11, 12, 13, 50, 51, 1000, 5000} {
		for _, name := range []string{"random", "up", "down", "equal", "saw", "organ", "almost"} {
			v := shapes(n)[name]
			a, b, c, d := slices.Clone(v), slices.Clone(v), slices.Clone(v), slices.Clone(v)
			sort.Ints(a)
			slices.Sort(b)
			slices.SortFunc(c, func(x, y int) int { return cmp.Compare(x, y) })
			sort.Slice(d, func(i, j int) bool { return d[i] < d[j] })
			if !slices.Equal(a, b) || !slices.Equal(a, c) || !slices.Equal(a, d) || !slices.IsSorted(a) || !sort.IntsAreSorted(b) {
				fmt.Println("wrong", name, n)
			}
		}
	}
	var people []person
	x := uint32(1)
	for i := range 300 {
		x = x*1664525 + 1013904223
		people = append(people, person{fmt.Sprint("p", i), int(x >> 28)})
	}
	p1, p2, p3 := slices.Clone(people), slices.Clone(people), slices.Clone(people)
	sort.Stable(byAge(p1))
	slices.SortStableFunc(p2, func(a, b person) int { return a.age - b.age })
	sort.SliceStable(p3, func(i, j int) bool { return p3[i].age < p3[j].age })
	fmt.Println(slices.Equal(p1, p2), slices.Equal(p2, p3), p1[:3], p1[297:])
	// Not stable, but the same algorithm gives the same order.
	sort.Sort(sort.Reverse(byAge(people)))
	fmt.Println(people[:8])
	slices.SortFunc(people, func(a, b person) int { return cmp.Or(cmp.Compare(a.age, b.age), strings.Compare(b.name, a.name)) })
	fmt.Println(people[:5], people[295:])

	fs := []float64{3, math.NaN(), -1, math.Inf(1), 0, math.Inf(-1), math.NaN()}
	sort.Float64s(fs)
	fmt.Println(fs, cmp.Less(math.NaN(), 1), cmp.Compare(math.NaN(), math.NaN()), cmp.Compare(1.0, math.NaN()))
	fmt.Println(slices.Min([]float64{2, 1, 3}), slices.Max([]string{"b", "a"}), slices.Max([]float64{1, math.NaN()}))
	ss := sort.StringSlice{"c", "a", "b"}
	ss.Sort()
	fmt.Println(ss, ss.Search("b"), sort.SearchInts([]int{1, 3, 5}, 4), sort.Search(100, func(i int) bool { return i*i >= 50 }))
	fmt.Println(sort.Find(3, func(i int) int { return cmp.Compare("b", []string{"a", "b", "c"}[i]) }))
	fmt.Println(slices.BinarySearch([]int{1, 3, 3, 5}, 3))
	fmt.Println(slices.BinarySearchFunc(p1, 5, func(p person, age int) int { return p.age - age }))

	s := []int{1, 2, 3, 4, 5}
	fmt.Println(slices.Insert(slices.Clone(s), 2, 9, 8), slices.Delete(slices.Clone(s), 1, 3), slices.Replace(slices.Clone(s), 1, 2, 7, 7, 7))
	fmt.Println(slices.Index(s, 4), slices.IndexFunc(s, func(i int) bool { return i > 2 }), slices.Contains(s, 9), slices.ContainsFunc(s, func(i int) bool { return i < 0 }))
	fmt.Println(slices.Compact([]int{1, 1, 2, 2, 2, 1}), slices.CompactFunc([]string{"a", "A", "b"}, strings.EqualFold), slices.DeleteFunc(slices.Clone(s), func(i int) bool { return i%2 == 0 }))
	fmt.Println(slices.Compare(s, []int{1, 2, 4}), slices.Equal(s, s[:4]), slices.Concat(s, s[:1], nil, s[4:]), slices.Repeat([]int{1, 2}, 3))
	t := slices.Clone(s)
	slices.Reverse(t)
	fmt.Println(t, slices.IsSortedFunc(t, func(a, b int) int { return b - a }), cap(slices.Clip(t[:2])), len(slices.Grow(t, 100)), cap(slices.Grow(t, 100)) >= 105)
	d := []*int{new(int), new(int), new(int)}
	d2 := slices.Delete(d, 0, 1)
	fmt.Println(len(d2), d[2] == nil)
	fmt.Println(slices.Collect(slices.Chunk(s, 2)), slices.Sorted(slices.Values([]int{3, 1, 2})), slices.AppendSeq([]int{0}, slices.Values(s)))
	for i, v := range slices.Backward(s) {
		fmt.Print(i, v, " ")
	}
	fmt.Println(slices.SortedFunc(slices.Values(s), func(a, b int) int { return b - a }), slices.MinFunc(p1, func(a, b person) int { return a.age - b.age }))
	try("insert", func() { slices.Insert(s, 6, 1) })
	try("delete", func() { slices.Delete(s, 3, 2) })
	try("chunk", func() { slices.Chunk(s, 0) })
	try("min", func() { slices.Min([]int{}) })
	try("grow", func() { slices.Grow(s, -1) })
	try("repeat", func() { slices.Repeat(s, -1) })
	fmt.Println(cmp.Or("", "", "x"), cmp.Or(0, 0))
}
