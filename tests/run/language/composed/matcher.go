// Regular expressions by backtracking closures and by simulation of states, compared.
package main

import (
	"fmt"
	"regexp"
)

type matcher func(s string, i int, k func(int) bool) bool

func lit(c byte) matcher {
	return func(s string, i int, k func(int) bool) bool { return i < len(s) && (c == '.' || s[i] == c) && k(i+1) }
}
func seq(a, b matcher) matcher {
	return func(s string, i int, k func(int) bool) bool {
		return a(s, i, func(j int) bool { return b(s, j, k) })
	}
}
func alt(a, b matcher) matcher {
	return func(s string, i int, k func(int) bool) bool { return a(s, i, k) || b(s, i, k) }
}
func star(a matcher) (m matcher) {
	m = func(s string, i int, k func(int) bool) bool {
		return a(s, i, func(j int) bool { return j > i && m(s, j, k) }) || k(i)
	}
	return m
}
func empty(s string, i int, k func(int) bool) bool { return k(i) }

func compile(p string) matcher {
	i := 0
	var alternatives func() matcher
	atom := func() matcher {
		var m matcher
		if p[i] == '(' {
			i++
			m = alternatives()
			i++
		} else {
			m = lit(p[i])
			i++
		}
		for i < len(p) {
			switch base := m; p[i] {
			case '*':
				m = star(base)
			case '+':
				m = seq(base, star(base))
			case '?':
				m = alt(base, empty)
			default:
				return m
			}
			i++
		}
		return m
	}
	alternatives = func() matcher {
		m := matcher(empty)
		for i < len(p) && p[i] != '|' && p[i] != ')' {
			m = seq(m, atom())
		}
		if i < len(p) && p[i] == '|' {
			i++
			return alt(m, alternatives())
		}
		return m
	}
	return alternatives()
}

func main() {
	for _, p := range []string{"a*b", "(a|b)*c", "a+b?c", "(ab|a)(c|bcd)d*", "x.y", "((a*)b)*", "", "a|b|cd", "(a?b)+", ".*z"} {
		m := compile(p)
		std := regexp.MustCompile("^(?:" + p + ")$")
		line := ""
		for _, s := range []string{"", "a", "b", "ab", "aab", "abc", "c", "abac", "ac", "abcd", "abcdd", "xyy", "x\x00y", "cd", "bbab", "zz"} {
			got := m(s, 0, func(end int) bool { return end == len(s) })
			if got != std.MatchString(s) {
				fmt.Printf("differs: %q %q\n", p, s)
			}
			if got {
				line += fmt.Sprintf("%q ", s)
			}
		}
		fmt.Println(p, "matches", line)
	}
}
