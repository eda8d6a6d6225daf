// Comparing, counting and searching of bytes at every length and offset, and maps whose keys
// are strings of every length.
package main

import (
	"bytes"
	"fmt"
	"strings"
)

func check(ok bool, what string, values ...int) {
	if !ok {
		fmt.Println("wrong:", what, values)
	}
}

func sign(x, y byte) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func differAt(a, b []byte, i int, x byte) {
	old := b[i]
	b[i] = x
	want := sign(old, x)
	check(bytes.Compare(a, b) == want && bytes.Compare(b, a) == -want, "Compare", len(a), i)
	check(bytes.Equal(a, b) == (want == 0), "Equal", len(a), i)
	check((string(a) < string(b)) == (want < 0), "<", len(a), i)
	at := bytes.IndexByte(b, x)
	check(at <= i && b[at] == x, "IndexByte", len(a), i, at)
	count := 0
	for _, y := range b {
		if x == y {
			count++
		}
	}
	check(bytes.Count(b, []byte{x}) == count, "Count", len(a), i)
	b[i] = old
}

func ranges() int {
	text := []byte(strings.Repeat("abcdefghijklmnopqrstuvwxyz\xff\x00\x80é", 12))
	sum := 0
	for n := range 150 {
		for _, offset := range []int{0, 1, 7} {
			a := text[offset : offset+n]
			b := bytes.Clone(a)
			for i := range b {
				for _, x := range []byte{0, 0x7f, 0x80, 0xff} {
					differAt(a, b, i, x)
				}
				check(bytes.Compare(a, b[:i]) == 1, "longer", n, i)
			}
			sum = sum*31 + bytes.IndexByte(a, 'z') + bytes.Count(a, []byte("e"))
		}
	}
	return sum
}

func maps() int {
	m := map[string]int{}
	key := func(n int) string { return strings.Repeat("x", n%200) + fmt.Sprint(n) }
	for n := range 3000 {
		m[key(n)] = n
	}
	for n := range 3000 {
		check(m[key(n)] == n, "map", n)
		_, found := m[key(n)+"y"]
		check(!found, "missing", n)
	}
	m[""] = 1
	return len(m)
}

func main() {
	fmt.Println(ranges(), maps())
}
