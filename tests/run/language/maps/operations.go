// Assignment operations on elements of maps look an element up once; a division that panics
// adds none.
package main

import (
	"fmt"
	"math"
	"strings"
)

type pair struct {
	a, b int
}

type key struct {
	s string
	n int
}

// notANumber shows how often elements are looked up for writing: every assignment to the
// element of a NaN makes a new one.
func notANumber() {
	m := map[float64]int{}
	nan := math.NaN()
	m[nan]++
	m[nan] += 2
	m[nan] |= 4
	fmt.Println("NaN:", len(m))
	m[nan] /= 1
	fmt.Println("NaN after a division:", len(m))
}

func recovered(name string, f func()) {
	defer func() { fmt.Println(name+":", recover()) }()
	f()
}

func main() {
	ints := map[int]int{}
	for i := range 10 {
		ints[i%3]++
		ints[i%2]--
		ints[i] += i
		ints[i] <<= 1
		ints[i] &^= 4
	}
	fmt.Println(ints)

	words := map[string]string{}
	for _, w := range strings.Fields("a b a c b a") {
		words[w] += w + "."
	}
	fmt.Println(words)

	structs := map[key]float64{}
	structs[key{"x", 1}] += 1.5
	structs[key{"x", 1}] *= 3
	structs[key{"y", 2}] -= 1
	fmt.Println(structs)

	anything := map[any]complex128{}
	anything[1] += 1i
	anything["1"] += 2
	anything[pair{1, 2}] -= 3
	fmt.Println(len(anything), anything[1], anything["1"], anything[pair{1, 2}])

	// The operand is evaluated before the element is looked up, and may change the map.
	grow := func() int {
		for i := range 1000 {
			ints[i+100] = i
		}
		return 5
	}
	ints[0] += grow()
	fmt.Println(ints[0], len(ints))

	big := map[string][200]byte{}
	b := big["none"]
	b[3] = 1
	big["one"] = b
	fmt.Println(len(big), big["one"][3])

	notANumber()

	zero, minus := 0, -1
	recovered("divide", func() { ints[-5] /= zero })
	recovered("remainder", func() { ints[-6] %= zero })
	_, five := ints[-5]
	_, six := ints[-6]
	fmt.Println(five, six)
	recovered("shift", func() { ints[-7] <<= minus })
	recovered("nil", func() {
		var none map[string]int
		none["a"]++
	})
	recovered("hash", func() { anything[[]int{1}]++ })
}
