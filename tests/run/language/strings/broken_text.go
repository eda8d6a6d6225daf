// Strings, bytes and runes: conversion of valid, broken and out-of-range text, range with
// replacement characters, comparison and concatenation, substrings that share, builders, and
// that bytes made from a string do not change it.
package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"
)

type text string
type raw []byte
type letters []rune
type letter rune
type octet byte

func runes(s string) (out []string) {
	for i, r := range s {
		out = append(out, fmt.Sprintf("%d:%U", i, r))
	}
	return
}

//go:noinline
func hide[T any](x T) T { return x }

func main() {
	for _, s := range []string{"", "a", "é", "日本", "😀!", "\xff", "a\xc3", "\xe6\x97", "\xe6\x97a", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98", "\x80\x80b", "\ufffd", "a\x00b"} {
		r := []rune(s)
		back := string(r)
		fmt.Printf("%q %v %x %q %v %d %d\n", s, runes(s), r, back, back == s, len(r), utf8.RuneCountInString(s))
	}
	for _, r := range []rune{0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xffff, 0x10000, 0x10ffff, 0x110000, -1, 1<<31 - 1} {
		fmt.Printf("%x ", string(hide(r)))
	}
	fmt.Println(string([]rune{'x', -5, 0xd800, 0x1f600}), string(letters{'l', 'm'}), string(letter('q')), text(letters{'t'}))
	big := uint64(1) << 40
	fmt.Printf("%x %x %x\n", string(rune(big+65)), string(rune(hide(int64(-7)))), string(rune(hide(uint8(200)))))
	s := hide("immutable")
	b := []byte(s)
	b[0] = 'X'
	c := raw(s)
	d := append([]byte(nil), s...)
	d[1] = 'Y'
	t := string(b)
	b[2] = 'Z'
	fmt.Println(s, string(b), string(c), string(d), t, text(c) == text(s), string(b[:0]) == "")
	o := []octet{'o', 'k'}
	fmt.Println(string(o), len([]octet("xyz")), []letter("ab"), string([]letter{'c'}))
	m := map[string]int{"key": 1, "\xff": 2}
	k := []byte("key")
	fmt.Println(m[string(k)], m[string([]byte{0xff})], string(k) == "key", string(k) < "kez", "k"+string(k)+"y")
	k[0] = 'h'
	fmt.Println(m[string(k)], string(k))
	switch string(k) {
	case "key":
		fmt.Println("old")
	case "hey":
		fmt.Println("new")
	}
	for i, x := range []byte(s[:3]) {
		b[i] = x - 32
	}
	fmt.Println(string(b[:3]))
	sub := s[2:5]
	fmt.Println(sub, unsafe.StringData(sub) == unsafe.StringData(s[2:]), strings.Clone(sub) == sub, unsafe.StringData(strings.Clone(sub)) == unsafe.StringData(sub))
	a := ""
	for i := range 5 {
		a += string(rune('a'+i)) + a
	}
	fmt.Println(a, len(a), a > "aba", a[len(a)-1:], "" < "a", "a" < "b", "ab" < "abc", "b" > "abc", "é" > "z", "\x00" > "")
	multi := `raw \n
	"text"` + "\t\u00e9\U0001F600\x41\101\"'"
	fmt.Printf("%d %q\n", len(multi), multi)
	var sb strings.Builder
	for i := 3; i >= 0; i-- {
		fmt.Fprintf(&sb, "%d,", i)
	}
	sb.WriteByte('.')
	sb.WriteRune('世')
	fmt.Println(sb.String(), sb.Len(), strings.Map(func(r rune) rune {
		if r == ',' {
			return -1
		}
		return r + 1
	}, sb.String()))
	n := copy(b, s[4:])
	copy(b[2:], b)
	fmt.Println(n, string(b), strings.Compare("a", "b"), strings.EqualFold("Straße", "STRASSE"), strings.ToUpper("ß世é"), strings.Title("x yé"))
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(s[hide(3):hide(2)])
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(s[hide(len(s))])
	}()
	x := hide("same")
	y := string([]byte(x))
	fmt.Println(x == y, any(x) == any(y), &x == &y, strings.Repeat(x, 0) == "", x[:2]+x[2:] == y)
	p := []string{x, y, x + y}
	p[0] += p[1]
	p[1], p[2] = p[2], p[1]
	fmt.Println(p, strings.Join(p, "|"), len(fmt.Sprint(p)))
}
