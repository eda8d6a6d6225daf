// strconv: parsing and formatting of numbers, quoting, and the errors.
package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

func main() {
	for _, s := range []string{"", "0", "-0", "+5", "12", "-129", "0x7f", "0b11", "0o17", "017", "1_000", "_1", "1__0", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "abc", "1e3", " 1", "zz"} {
		for _, base := range []int{0, 2, 10, 16, 36} {
			i, err := strconv.ParseInt(s, base, 64)
			u, uerr := strconv.ParseUint(s, base, 8)
			fmt.Println(s, base, i, err, u, uerr)
		}
		i8, err := strconv.ParseInt(s, 10, 8)
		a, aerr := strconv.Atoi(s)
		fmt.Println(i8, err, a, aerr)
	}
	_, err := strconv.ParseInt("1", 37, 64)
	fmt.Println(err)
	_, err = strconv.ParseInt("1", 10, 65)
	fmt.Println(err)
	var ne *strconv.NumError
	fmt.Println(errors.As(err, &ne), ne.Func, ne.Num)
	for _, s := range []string{"0", "-0", "1.5", "1e400", "-1e400", "1e-400", "4.9e-324", "2.2250738585072011e-308", "inf", "-Infinity", "nan", "0x1p-2", "0x1.8p1", "0x1.fffffffffffff8p0", "1_0.5", "1e", ".5", "5.", "+.1e+2", "179769313486231570814527423731704356798070e267", "1.00000000000000011102230246251565", "1.00000000000000011102230246251564", "123456789012345678901234567890", "e1"} {
		f, err := strconv.ParseFloat(s, 64)
		g, err32 := strconv.ParseFloat(s, 32)
		fmt.Println(s, f, err, float32(g), err32, math.Signbit(f))
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1.5, 1.0 / 3, 1e21, 123456789, 5e-324, math.MaxFloat64, math.Inf(1), math.NaN(), 0.1, 100, 1e-7, 2.5, 3.5, 99999999.5, 8.41e21} {
		for _, verb := range "eEfgGbxX" {
			for _, p := range []int{-1, 0, 1, 5, 17, 30} {
				fmt.Print(strconv.FormatFloat(f, byte(verb), p, 64), " ")
			}
			fmt.Print(strconv.FormatFloat(f, byte(verb), -1, 32), " ")
		}
		fmt.Println()
	}
	for _, i := range []int64{0, 7, -7, 99, 100, math.MaxInt64, math.MinInt64} {
		for base := 2; base <= 36; base += 3 {
			fmt.Print(strconv.FormatInt(i, base), " ", strconv.FormatUint(uint64(i), base), " ")
		}
		fmt.Println()
	}
	for _, s := range []string{"", "plain", "q\"uote", "tab\tnew\n", "日本\u00a0\u200b", "\xff\x00", "\U0001F600\U0010ffff", "`back`", "a\u0301"} {
		fmt.Println(strconv.Quote(s), strconv.QuoteToASCII(s), strconv.QuoteToGraphic(s), strconv.CanBackquote(s))
	}
	for _, r := range []rune{'a', '\'', '"', 0, 0x7f, 0xfffd, 0x10ffff, -1, 0xd800, '☺'} {
		fmt.Println(strconv.QuoteRune(r), strconv.QuoteRuneToASCII(r), strconv.QuoteRuneToGraphic(r), strconv.IsPrint(r), strconv.IsGraphic(r))
	}
	for _, s := range []string{`"a\tb"`, "`raw\r\n`", `'x'`, `'xy'`, `"\x41\u00e9\101"`, `"\q"`, `"unterminated`, `""`, `"\ud800"`, `'\''`, `"'"`, `x`} {
		u, err := strconv.Unquote(s)
		fmt.Printf("%s %q %v\n", s, u, err)
		p, err := strconv.QuotedPrefix(s + " tail")
		fmt.Printf("  %q %v\n", p, err)
	}
	r, multi, tail, err := strconv.UnquoteChar(`\u00e9rest`, '"')
	fmt.Println(string(r), multi, tail, err)
	for _, s := range []string{"1", "t", "TRUE", "True", "tRUE", "0", "f", "False", ""} {
		b, err := strconv.ParseBool(s)
		fmt.Println(b, err)
	}
	for _, s := range []string{"1+2i", "-i", "3", "(1e3-Infi)", "1+2", "NaN+NaNi", "1e400+1i"} {
		c, err := strconv.ParseComplex(s, 128)
		fmt.Println(c, err)
	}
	fmt.Println(strconv.FormatComplex(complex(1.5, -2), 'f', 2, 128))
	b := strconv.AppendInt(nil, -5, 10)
	b = strconv.AppendQuote(b, "x")
	b = strconv.AppendBool(b, true)
	b = strconv.AppendFloat(b, 1.25, 'g', -1, 64)
	b = strconv.AppendQuoteRune(b, '\n')
	fmt.Println(string(b), strconv.Itoa(-1<<63))
	// Round trip of many floats.
	x := uint64(88172645463325252)
	bad := 0
	for range 20000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		f := math.Float64frombits(x)
		g, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', -1, 64), 64)
		if f == f && (err != nil || g != f) {
			bad++
		}
	}
	fmt.Println("bad round trips:", bad)
}
