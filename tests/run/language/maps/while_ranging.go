// Changes of a map while it is ranged over: entries deleted before they are reached do not come,
// those that are there all the time come once, clear ends it, growth loses nothing; keys that
// are interfaces, arrays and structs; values that are changed through op-assignment; and order
// of evaluation and panics in assignments to entries.
package main

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

type key struct {
	name string
	part any
}

func deletes(n int) string {
	m := map[int]bool{}
	for i := range n {
		m[i] = true
	}
	seen := map[int]int{}
	wrong := 0
	for k := range m {
		if seen[k]++; !m[k] {
			wrong++
		}
		delete(m, (k+1)%n)
		delete(m, (k+2)%n)
	}
	for _, times := range seen {
		if times != 1 {
			wrong++
		}
	}
	return fmt.Sprint(n, " ", wrong, " ", len(seen) >= n/3)
}

func grows(n int) string {
	m := map[string]int{}
	for i := range n {
		m[fmt.Sprint("old", i)] = i
	}
	old := 0
	for k := range m {
		if strings.HasPrefix(k, "old") {
			old++
			for j := range 8 {
				if len(m) < 5000 {
					m[fmt.Sprint("new", k, j)] = j
				}
			}
		}
	}
	return fmt.Sprint(old == n, len(m) > n || n == 0)
}

func cleared() (n int) {
	m := map[int]int{1: 1, 2: 2, 3: 3, 4: 4}
	for range m {
		n++
		clear(m)
	}
	return n + 10*len(m)
}

func replaced() (sum int) {
	m := map[int]int{1: 1, 2: 2, 3: 3}
	for k, v := range m {
		sum += v
		m = map[int]int{k: 100}
	}
	return sum
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	f()
}

func main() {
	for _, n := range []int{0, 1, 7, 8, 9, 100, 1000} {
		fmt.Println(deletes(n+1), grows(n))
	}
	fmt.Println(cleared(), replaced())
	mixed := map[any]int{1: 1, int8(1): 2, "1": 3, 1.0: 4, [1]int{1}: 5, key{"1", 1}: 6, key{"1", "1"}: 7, nil: 8, true: 9, 'a': 10, struct{}{}: 11}
	fmt.Println(mixed[1], mixed[int8(1)], mixed["1"], mixed[1.0], mixed[[1]int{1}], mixed[key{"1", 1}], mixed[key{"1", "1"}], mixed[nil], mixed[true], mixed[int32(97)], mixed[struct{}{}], mixed[uint(1)])
	try("unhashable key", func() { mixed[[]int{1}] = 1 })
	try("within a key", func() { _ = mixed[key{"x", func() {}}] })
	try("delete unhashable", func() { delete(mixed, any(map[int]int{})) })
	try("lookup in an empty one", func() { _ = map[any]int{}[[]int{}] })
	var none map[string][]int
	fmt.Println(none["x"], len(none), none == nil)
	delete(none, "x")
	clear(none)
	for range none {
		fmt.Println("not reached")
	}
	calls := []string{}
	call := func(s string, n int) int { calls = append(calls, s); return n }
	try("assignment to nil", func() { none[fmt.Sprint(call("key", 1))] = append(none["a"], call("value", 2)) })
	try("op on nil", func() { var m map[int]int; m[call("k", 1)] += call("v", 2) })
	m := map[int]int{1: 10, 2: 20}
	m[call("left", 1)], m[call("right", 2)] = call("a", m[2]), call("b", m[1])
	m[call("op", 1)] += call("add", 5)
	m[call("inc", 7)]++
	v, ok := m[call("get", 9)]
	fmt.Println(m, v, ok, calls)
	try("panic in the value", func() {
		m[3] = func() int { panic("no value") }()
	})
	_, has := m[3]
	fmt.Println(has)
	words := map[string]*[]int{}
	for i, w := range strings.Fields("a b a c b a") {
		if words[w] == nil {
			words[w] = new([]int)
		}
		*words[w] = append(*words[w], i)
	}
	keys := slices.Collect(maps.Keys(words))
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Print(k, *words[k], " ")
	}
	nested := map[string]map[string]int{"x": {"y": 1}}
	nested["x"]["z"]++
	nested["w"] = map[string]int{}
	nested["w"]["y"] |= 6
	counts := map[[2]int]struct{ n, m int }{}
	e := counts[[2]int{1, 2}]
	e.n++
	counts[[2]int{1, 2}] = e
	fmt.Println(nested, counts, nested["none"]["none"], len(nested["none"]))
	type table map[string]func(int) int
	t := table{"sq": func(i int) int { return i * i }}
	t["self"] = func(i int) int { return t["sq"](i) + 1 }
	fmt.Println(t["self"](5), maps.Equal(m, maps.Clone(m)))
}
