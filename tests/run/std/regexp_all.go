// regexp and regexp/syntax: matching in all engines, the Find family, replacing, errors.
package main

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

func main() {
	pats := []string{``, `a`, `a*`, `a+?b`, `(a|b)*c`, `^h.*o$`, `(?i)HeLLo`, `(\w+)\s(\w+)`, `(?P<year>\d{4})-(?P<month>\d\d)`, `[^a-z]+`, `\bfoo\b`, `(?s).+`, `(?m)^x`, `[[:alpha:]]+`, `\pL+`, `\p{Greek}`, `(a?){3}a{3}`, `x{2,4}?`, `a|ab|abc`, `(|a)+`, `\x{1F600}`, `[\d\-z]`, `(?U)a+`, `$`, `\Qa.b\E`, `.{0,1000}z`}
	texts := []string{"", "a", "aaab", "hello", "HELLO world", "2024-03 and 1999-12", "foo foobar\nx y\nxx", "αβγ日本", "a.b 😀 axxxxxb", "aaaaaa", strings.Repeat("ab", 50) + "c", "\xff\xfez"}
	for _, p := range pats {
		re := regexp.MustCompile(p)
		pre, full := re.LiteralPrefix()
		fmt.Println(p, re.NumSubexp(), re.SubexpNames(), pre, full)
		for _, t := range texts {
			fmt.Print(re.MatchString(t), re.FindStringIndex(t), re.FindAllStringSubmatchIndex(t, 4), " ")
			fmt.Printf("%q ", re.FindAllString(t, 3))
			fmt.Printf("%.60q %.40q\n", re.ReplaceAllString(t, "<$0>"), re.Split(t, 3))
		}
		re.Longest()
		fmt.Printf("%q\n", re.FindString("abcabc"))
	}
	for _, bad := range []string{`(`, `)`, `a**`, `[z-a]`, `\8`, `(?P<n`, `a{2000}`, `[`, `x{2,1}`, `(?z)`, `\pX`, "\xff", `*`, `(?P<a>x)(?P<a>y)`, `\`} {
		_, err := regexp.Compile(bad)
		fmt.Println(err)
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		regexp.MustCompile(`a(b`)
	}()
	re := regexp.MustCompile(`(?P<first>\w+) (?P<second>\w+)`)
	fmt.Println(re.ReplaceAllString("hello world", "${second} $first $$ $1x ${1}x"), re.ReplaceAllLiteralString("a b", "$1"), re.SubexpIndex("second"), re.SubexpIndex("no"))
	fmt.Println(re.ReplaceAllStringFunc("one two three four", strings.ToUpper))
	fmt.Println(string(re.Expand([]byte("> "), []byte("$second-$first"), []byte("left right"), re.FindSubmatchIndex([]byte("left right")))))
	fmt.Println(string(re.ReplaceAllFunc([]byte("x y"), func(b []byte) []byte { return append(b, b...) })))
	fmt.Println(re.FindReaderSubmatchIndex(strings.NewReader("..ab cd..")), re.MatchReader(strings.NewReader("zz")))
	fmt.Println(regexp.QuoteMeta("a.b*c[d]"), re)
	txt, err := re.MarshalText()
	var re2 regexp.Regexp
	fmt.Println(string(txt), err, re2.UnmarshalText([]byte(`x+`)), re2.FindString("axxb"))
	_, err = regexp.CompilePOSIX(`a+?`)
	fmt.Println(err)
	fmt.Println(regexp.MustCompilePOSIX(`a|ab`).FindString("ab"), regexp.MustCompile(`a|ab`).FindString("ab"))
	fmt.Println(regexp.MatchString(`^\d+$`, "12x"))
	// Backtracking would take for ever here.
	evil := regexp.MustCompile(`(a*)*b`)
	fmt.Println(evil.MatchString(strings.Repeat("a", 5000)))
	for _, p := range []string{`a(b|c)*d`, `(?i:k)[^x]`, `\d{2,3}?`} {
		s, err := syntax.Parse(p, syntax.Perl)
		fmt.Println(s, err, s.Op, s.MaxCap(), s.CapNames())
		prog, _ := syntax.Compile(s.Simplify())
		fmt.Println(prog)
	}
}
