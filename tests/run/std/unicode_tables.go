// unicode, unicode/utf8, unicode/utf16: classes over the whole range, encodings.
package main

import (
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

func main() {
	classes := map[string]func(rune) bool{
		"control": unicode.IsControl, "digit": unicode.IsDigit, "graphic": unicode.IsGraphic, "letter": unicode.IsLetter,
		"lower": unicode.IsLower, "mark": unicode.IsMark, "number": unicode.IsNumber, "print": unicode.IsPrint,
		"punct": unicode.IsPunct, "space": unicode.IsSpace, "symbol": unicode.IsSymbol, "title": unicode.IsTitle, "upper": unicode.IsUpper,
	}
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		n, sum := 0, uint32(0)
		for r := rune(0); r <= unicode.MaxRune; r++ {
			if classes[name](r) {
				n++
				sum = sum*16777619 ^ uint32(r)
			}
		}
		fmt.Println(name, n, sum)
	}
	var up, low, title, fold uint32
	for r := rune(0); r <= unicode.MaxRune; r++ {
		up = up*31 + uint32(unicode.ToUpper(r))
		low = low*31 + uint32(unicode.ToLower(r))
		title = title*31 + uint32(unicode.ToTitle(r))
		fold = fold*31 + uint32(unicode.SimpleFold(r))
	}
	fmt.Println(up, low, title, fold, unicode.Version)
	names := slices.Sorted(maps.Keys(unicode.Scripts))
	fmt.Println(len(names), names[:5], len(unicode.Categories), len(unicode.Properties), len(unicode.FoldCategory))
	for _, r := range "aΩ日ёא१🙂" {
		for _, s := range names {
			if unicode.Is(unicode.Scripts[s], r) {
				fmt.Print(string(r), "=", s, " ")
			}
		}
	}
	fmt.Println(unicode.In('é', unicode.Latin, unicode.Greek), unicode.IsOneOf([]*unicode.RangeTable{unicode.Digit}, 'x'), unicode.To(unicode.UpperCase, 'ß'), unicode.TurkishCase.ToUpper('i'))
	fmt.Println(unicode.Is(unicode.White_Space, 0x2028), unicode.Is(unicode.Han, '日'), unicode.CategoryAliases["Letter"])

	for _, s := range []string{"", "a", "é", "日", "🙂", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe6\x97", "ab\xc3"} {
		r, n := utf8.DecodeRuneInString(s)
		lr, ln := utf8.DecodeLastRuneInString(s)
		fmt.Printf("%q %x %d %x %d %t %t %d %x\n", s, r, n, lr, ln, utf8.ValidString(s), utf8.FullRuneInString(s), utf8.RuneCountInString(s), []rune(s))
		for i, r := range s {
			fmt.Print(i, ":", r, " ")
		}
		fmt.Println()
	}
	sum := crc32.NewIEEE()
	for r := rune(-2); r < 0x110005; r += 7 {
		b := utf8.AppendRune(nil, r)
		sum.Write(b)
		if back, n := utf8.DecodeRune(b); utf8.ValidRune(r) != (back == r && n == utf8.RuneLen(r)) && r != utf8.RuneError {
			fmt.Println("mismatch", r)
		}
		if string(r) != string(b) {
			fmt.Println("conversion", r)
		}
	}
	fmt.Println(sum.Sum32())
	u := utf16.Encode([]rune("a🙂\U0010ffff"))
	fmt.Printf("%x %q\n", u, string(utf16.Decode(append(u, 0xd800, 'x', 0xdc00))))
	fmt.Println(utf16.IsSurrogate(0xd900), utf16.RuneLen('🙂'), utf16.AppendRune(nil, 'é'))
	fmt.Println(utf16.EncodeRune('🙂'))
	fmt.Println(utf16.DecodeRune(0xd83d, 0xde42))
}
