// Ranging over strings: runes and their positions, malformed text, changes meanwhile.
package main

import (
	"fmt"
	"unicode/utf8"
)

func runes(s string) {
	fmt.Printf("%q:", s)
	for i, r := range s {
		fmt.Printf(" %d:%U", i, r)
	}
	fmt.Println(" valid:", utf8.ValidString(s), "count:", utf8.RuneCountInString(s), "bytes:", len(s))
}

func main() {
	for _, s := range []string{
		"", "a", "héllo", "日本語", "😀x", "a\x00b",
		"\xff", "a\xffb", "\xc3", "\xc3(", "\xe2\x82", "\xe2\x82\xac", "\xe2\x28\xa1",
		"\xf0\x9f\x98", "\xf0\x9f\x98\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xc0\x80", "\xed\xa0\x80", "\xed\xbf\xbf", "\xef\xbf\xbd", "\xef\xbf\xbe", "\x80\x80",
	} {
		runes(s)
	}
	s := "abc"
	for i, r := range s {
		s = "changed"
		fmt.Print(i, string(r), s[i:i+1], " ")
	}
	fmt.Println(s)
	n := 0
	for range "h€y" {
		n++
	}
	for i := range "h€y" {
		n += i * 10
	}
	for i := range []byte("h€y") {
		n += i * 1000
	}
	fmt.Println(n)
	var i int
	var r rune
	for i, r = range "xyz" {
		if r == 'y' {
			break
		}
	}
	fmt.Println(i, r)
	for i, b := range []byte("é!") {
		fmt.Print(i, ":", b, " ")
	}
	for i, r := range []rune("é!\xff") {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println()
	pos := map[rune]rune{}
	for pos[1], pos[2] = range map[rune]rune{7: 'q'} {
	}
	fmt.Println(pos)
	type named string
	for i, r := range named("né") {
		fmt.Print(i, string(r))
	}
	fmt.Println()
}
