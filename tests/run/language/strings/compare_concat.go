// String comparison and concatenation: order, prefixes, zero bytes, many operands, +=.
package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

//go:noinline
func compare(a, b string) string {
	return fmt.Sprint(a == b, a != b, a < b, a <= b, a > b, a >= b, cmp.Compare(a, b))
}

//go:noinline
func concat(a, b, c, d, e, f string) string { return a + b + c + d + e + f }

//go:noinline
func mixed(a string, n int) string { return a + "-" + fmt.Sprint(n) + "-" + a }

func build(n int) (s string) {
	for i := range n {
		s += string(rune('a' + i%26))
	}
	return s
}

func main() {
	list := []string{"", "\x00", "\x00\x00", "a", "a\x00", "aa", "ab", "b", "B", "é", "\xff", "日", "longer than sixteen bytes", "longer than sixteen bytez"}
	for _, a := range list {
		for _, b := range list {
			fmt.Println(compare(a, b))
		}
	}
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	fmt.Printf("%q\n", sorted)
	fmt.Println(concat("", "", "", "", "", "") == "", concat("a", "", "b", "", "", "c"), concat("1", "2", "3", "4", "5", "6"))
	fmt.Println(mixed("x", 5), build(60), len(build(1000)))
	s := "x"
	t := s
	s += s
	s += s + t
	fmt.Println(s, t, s[:1] == t, s[1:] > t)
	a, b := strings.Repeat("q", 100), strings.Repeat("q", 99)+"q"
	fmt.Println(a == b, a+"1" < b+"2", a[:50] == b[50:], strings.Compare(a, b))
	big := strings.Repeat("0123456789", 1000)
	fmt.Println(len(big+big), (big + "x")[10000:], big < big+"\x00", big[5:] > big)
	var z string
	z += ""
	fmt.Printf("%q %d %v\n", z+z, len(z), z == "")
	words := strings.Fields(" the  quick\tbrown\nfox ")
	joined := ""
	for i, w := range words {
		if i > 0 {
			joined += ","
		}
		joined += w
	}
	fmt.Println(joined, strings.Join(words, "+"))
}
