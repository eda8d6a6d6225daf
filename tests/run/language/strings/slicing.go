// Indexing and slicing strings, constant and variable indices, of every integer type, and
// the panics with their texts.
package main

import "fmt"

func try(name string, f func() any) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	fmt.Println(name, f())
}

func main() {
	s := "hello, wörld"
	fmt.Println(s[0], s[len(s)-1], s[7:], s[:5], s[:], s[3:3] == "", s[len(s):] == "", s[8:10])
	var (
		i8  int8    = 1
		u8  uint8   = 2
		i64 int64   = 3
		u64 uint64  = 4
		up  uintptr = 0
	)
	fmt.Println(s[i8], s[u8], s[i64], s[u64], s[up], s[i8:u64], s[up:i64])
	n := len(s)
	neg, big := -1, 100
	try("index n", func() any { return s[n] })
	try("index -1", func() any { return s[neg] })
	try("index 100", func() any { return s[big] })
	try("[100:]", func() any { return s[big:] })
	try("[:100]", func() any { return s[:big] })
	try("[-1:]", func() any { return s[neg:] })
	try("[:-1]", func() any { return s[:neg] })
	try("[5:2]", func() any { i, j := 5, 2; return s[i:j] })
	try("[n:n]", func() any { return s[n:n] == "" })
	try("[n+1:]", func() any { return s[n+1:] })
	try("uint64 max", func() any { return s[^u64] })
	try("uint64 slice", func() any { return s[:^u64] })
	try("int8 min", func() any { i := int8(-128); return s[i] })
	try("empty", func() any { return ""[n-13:] })
	try("empty index", func() any { e := ""; return e[n-13] })
	sub := s[7:]
	for i := range 3 {
		sub = sub[i:]
		fmt.Print(sub, "|")
	}
	fmt.Println()
	const c = "constant"
	fmt.Println(c[3], c[1:4], c[4:][1], "literal"[2], "literal"[1:3])
	fmt.Printf("%T %T\n", s[0], s[:1])
	parts := []string{}
	rest := "a,b,,c"
	for {
		i := 0
		for i < len(rest) && rest[i] != ',' {
			i++
		}
		parts = append(parts, rest[:i])
		if i == len(rest) {
			break
		}
		rest = rest[i+1:]
	}
	fmt.Printf("%q\n", parts)
}
