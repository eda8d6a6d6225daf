// strings: the functions, on empty, ASCII, multi-byte and malformed input.
package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

func main() {
	words := []string{"", "a", "aaa", "hello, wörld", "日本語日本", "\xff\xfeab", "a,b,,c,", "  trim \t\n", "MiXeD ǅ ß İ", strings.Repeat("ab", 40)}
	seps := []string{"", "a", ",", "日", "\xff", "ab", "zz", " "}
	for _, w := range words {
		for _, s := range seps {
			before, after, found := strings.Cut(w, s)
			p1, ok1 := strings.CutPrefix(w, s)
			p2, ok2 := strings.CutSuffix(w, s)
			fmt.Printf("%q/%q: %d %d %d %t %q %q %t %q %t %q %t\n", w, s, strings.Index(w, s), strings.LastIndex(w, s), strings.Count(w, s),
				strings.Contains(w, s), before, after, found, p1, ok1, p2, ok2)
			fmt.Printf("  %q %q %q\n", strings.Split(w, s), strings.SplitN(w, s, 2), strings.SplitAfterN(w, s, 3))
			fmt.Printf("  %q %q %d %d\n", strings.Replace(w, s, "<>", 2), strings.ReplaceAll(w, s, "-"), strings.IndexAny(w, s+"xö"), strings.LastIndexAny(w, s+"b"))
			fmt.Printf("  %q %q %q %d\n", strings.Trim(w, s), strings.TrimLeft(w, s+"h"), strings.TrimRight(w, s+"d"), strings.Compare(w, s))
		}
		fmt.Printf("%q %q %q %q %q\n", strings.ToUpper(w), strings.ToLower(w), strings.ToTitle(w), strings.TrimSpace(w), strings.Fields(w))
		fmt.Printf("%q %v %q\n", strings.ToValidUTF8(w, "?"), []rune(w), strings.Map(func(r rune) rune {
			if r == 'a' {
				return -1
			}
			if r == 'b' {
				return '日'
			}
			return r
		}, w))
		fmt.Println(strings.IndexByte(w, 'b'), strings.IndexRune(w, '本'), strings.IndexRune(w, unicode.ReplacementChar), strings.IndexFunc(w, unicode.IsSpace), strings.LastIndexFunc(w, unicode.IsLetter), strings.LastIndexByte(w, 'a'), strings.ContainsRune(w, 'ö'), strings.ContainsFunc(w, unicode.IsUpper))
		fmt.Printf("%q\n", strings.FieldsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))
		fmt.Printf("%q %q\n", slices.Collect(strings.SplitSeq(w, ",")), slices.Collect(strings.FieldsSeq(w)))
		fmt.Printf("%q %q\n", slices.Collect(strings.Lines(w+"\nx\n\ny")), slices.Collect(strings.SplitAfterSeq(w, "b")))
	}
	fmt.Println(strings.EqualFold("Straße", "STRASSE"), strings.EqualFold("ΣΑΣ", "σας"), strings.EqualFold("K", "\u212a"))
	fmt.Println(strings.Title("her royal highness"), strings.Join([]string{"a", "b", "c"}, "-"), strings.Join(nil, "x"))
	fmt.Println(strings.ToUpperSpecial(unicode.TurkishCase, "iı"), strings.ToLowerSpecial(unicode.TurkishCase, "Iİ"))
	for _, f := range []func(){func() { strings.Repeat("x", -1) }, func() { strings.Repeat("xxxxxxxx", 1<<61) }, func() { strings.NewReplacer("a") }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
	long := strings.Repeat("x", 1000) + "needle in haystack" + strings.Repeat("y", 500)
	for n := 1; n <= 18; n++ {
		fmt.Print(strings.Index(long, "needle in haystack"[:n]), " ", strings.LastIndex(long, "needle in haystack"[18-n:]), " ")
	}
	fmt.Println()
	for n := range 70 {
		fmt.Print(strings.IndexByte(strings.Repeat("x", n)+"!", '!'), strings.Count(strings.Repeat("x!", n), "!"), " ")
	}
	fmt.Println()
	s := strings.Clone("abc")
	fmt.Println(s, strings.HasPrefix(s, "ab"), strings.HasSuffix(s, "bc"))
}
