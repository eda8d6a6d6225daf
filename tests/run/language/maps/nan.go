// NaN keys: each is an entry of its own that can only be met by ranging or removed by clear.
package main

import (
	"fmt"
	"maps"
	"math"
)

type key struct {
	f float64
	s string
}

func main() {
	nan := math.NaN()
	m := map[float64]int{}
	for i := range 20 {
		m[nan] = i
		m[float64(i%3)] = i
	}
	fmt.Println(len(m), m[0], m[1], m[2])
	_, ok := m[nan]
	delete(m, nan)
	fmt.Println(ok, len(m))
	seen := map[int]int{}
	others := 0
	for k, v := range m {
		if k != k {
			seen[v]++
		} else {
			others++
		}
	}
	fmt.Println(len(seen), others, seen)
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m))
	clear(m)
	fmt.Println(len(m))
	m[nan]++
	m[nan] += 5
	fmt.Println(len(m))
	ks := map[key]bool{{nan, "a"}: true, {nan, "a"}: false, {1, "b"}: true}
	_, a := ks[key{nan, "a"}]
	_, b := ks[key{1, "b"}]
	fmt.Println(len(ks), a, b)
	arr := map[[2]float64]int{{nan, 0}: 1, {0, nan}: 2, {0, 0}: 3}
	fmt.Println(len(arr), arr[[2]float64{0, 0}], arr[[2]float64{nan, 0}])
	is := map[any]int{nan: 1, nan: 2, float32(math.NaN()): 3, complex(nan, 0): 4}
	fmt.Println(len(is), is[nan])
	c := maps.Clone(m)
	fmt.Println(len(c), len(m), maps.Equal(c, m))
	grow := map[float64]int{}
	for i := range 1000 {
		grow[nan] = i
	}
	sum := 0
	for _, v := range grow {
		sum += v
	}
	fmt.Println(len(grow), sum)
}
