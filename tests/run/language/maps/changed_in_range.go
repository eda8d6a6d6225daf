// Maps that change while they are ranged over: what must hold whatever the order.
package main

import (
	"fmt"
	"maps"
	"slices"
	"sort"
)

type key struct {
	a int
	s string
}

// removed entries that were not reached are not produced; the rest is, once each.
func removing(n int) {
	m := map[int]int{}
	for i := range n {
		m[i] = i * i
	}
	seen := map[int]int{}
	gone := map[int]bool{}
	for k, v := range m {
		if gone[k] {
			fmt.Println("removed entry", k, "was produced")
		}
		if v != k*k {
			fmt.Println("wrong value", k, v)
		}
		seen[k]++
		other := (k + n/2) % n
		if seen[other] == 0 && other%3 == 0 {
			delete(m, other)
			gone[other] = true
		}
	}
	for k := range m {
		if seen[k] != 1 {
			fmt.Println("entry", k, "was produced", seen[k], "times")
		}
	}
	fmt.Println(n, len(seen)+len(gone) == n, len(m)+len(gone) == n)
}

// added entries may be produced or not, old ones once each, with values as they are now.
func adding(n int) {
	m := map[key]*int{}
	for i := range n {
		m[key{i, fmt.Sprint(i)}] = new(int)
	}
	seen := map[key]int{}
	for k, v := range m {
		seen[k]++
		*v++
		if k.a < n && len(m) < 40*n {
			for j := range 20 {
				m[key{n + k.a*20 + j, "new"}] = new(int)
			}
		}
	}
	for i := range n {
		if k := (key{i, fmt.Sprint(i)}); seen[k] != 1 || *m[k] != 1 {
			fmt.Println("old entry", k, seen[k])
		}
	}
	for k, c := range seen {
		if c != 1 {
			fmt.Println("entry", k, "produced", c, "times")
		}
	}
	fmt.Println(n, len(m))
}

// clearing ends the loop; refilling may go on with new ones only.
func clearing() {
	m := map[string]int{}
	for i := range 100 {
		m[fmt.Sprint(i)] = i
	}
	n := 0
	for range m {
		n++
		if n == 10 {
			clear(m)
		}
	}
	fmt.Println("after clear:", n, len(m))
	for i := range 100 {
		m[fmt.Sprint(i)] = i
	}
	old, fresh := 0, 0
	for k := range m {
		if k[0] == 'n' {
			fresh++
			continue
		}
		old++
		if old == 5 {
			clear(m)
			for i := range 50 {
				m["n"+fmt.Sprint(i)] = i
			}
		}
	}
	fmt.Println("refilled:", old, fresh <= 50, len(m))
}

func values() {
	m := map[int][3]string{1: {"a"}, 2: {"b"}, 3: {"c"}}
	for k, v := range m {
		v[0] += "!"
		m[k] = v
		v[1] = "lost"
	}
	fmt.Println(m)
	var k int
	var s struct{ list []int }
	s.list = make([]int, 1)
	for k, s.list[0] = range map[int]int{7: 8} {
	}
	fmt.Println(k, s.list)
	type t struct{ m map[string]int }
	x := t{map[string]int{"a": 1}}
	for k := range x.m {
		x.m = nil
		fmt.Println(k, x.m == nil)
	}
	mm := map[string]map[string]int{}
	func() {
		defer func() { fmt.Println(recover()) }()
		mm["x"]["y"]++
	}()
	fmt.Println(len(mm), mm["x"]["y"])
	// The index expression and the value are evaluated before the assignment panics.
	var nilMap map[string]int
	func() {
		defer func() { fmt.Println(recover()) }()
		nilMap[say("key")] = len(say("value"))
	}()
	counts := map[rune]int{}
	for _, r := range "mississippi" {
		counts[r]++
	}
	counts['z'] += 0
	counts['q'] |= 1 << counts['s']
	fmt.Println(counts)
	f := map[string]func() string{}
	for i := range 3 {
		f[fmt.Sprint(i)] = func() string { return fmt.Sprint("f", i) }
	}
	for _, k := range slices.Sorted(maps.Keys(f)) {
		fmt.Print(f[k](), " ")
	}
	fmt.Println(f["none"] == nil)
	big := map[[200]byte][300]byte{}
	for i := range 40 {
		var k [200]byte
		var v [300]byte
		k[i], v[i*5] = 1, byte(i)
		big[k] = v
	}
	sum := 0
	for k, v := range big {
		i := slices.Index(k[:], 1)
		sum += int(v[i*5])
		delete(big, k)
	}
	fmt.Println(sum, len(big))
}

func say(s string) string { fmt.Print(s, " "); return s }

func nested() {
	m := map[int]bool{}
	for i := range 30 {
		m[i] = true
	}
	var pairs []int
	for a := range m {
		for b := range m {
			if a < b {
				pairs = append(pairs, a*100+b)
			}
			if b == 29 && a == 29 {
				continue
			}
		}
	}
	sort.Ints(pairs)
	fmt.Println(len(pairs), pairs[0], pairs[len(pairs)-1])
	c := maps.Clone(m)
	maps.DeleteFunc(c, func(k int, _ bool) bool { return k%2 == 0 })
	fmt.Println(len(c), maps.Equal(c, m), len(m))
	var n map[int]int
	for range n {
		fmt.Println("never")
	}
	delete(n, 1)
	clear(n)
	fmt.Println(maps.Clone(n) == nil, n[3], len(n))
	next := maps.Collect(maps.All(map[string]int{"a": 1}))
	maps.Insert(next, maps.All(map[string]int{"b": 2, "a": 3}))
	maps.Copy(next, map[string]int{"c": 4})
	fmt.Println(next)
}

func main() {
	for _, n := range []int{3, 8, 9, 100, 1000, 5000} {
		removing(n)
		adding(n)
	}
	clearing()
	values()
	nested()
}
