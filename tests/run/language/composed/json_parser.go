// A recursive descent parser to nested maps and slices, and a printer with sorted keys.
package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

type parser struct {
	s string
	i int
}
type syntaxError struct {
	at   int
	what string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("at %d: %s", e.at, e.what) }
func (p *parser) fail(what string)   { panic(&syntaxError{p.i, what}) }
func (p *parser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\n\r", p.s[p.i]) >= 0 {
		p.i++
	}
}
func (p *parser) accept(c byte) bool {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}
func (p *parser) value() any {
	p.space()
	rest := p.s[p.i:]
	for word, v := range map[string]any{"true": true, "false": false, "null": nil} {
		if strings.HasPrefix(rest, word) {
			p.i += len(word)
			return v
		}
	}
	switch {
	case p.accept('{'):
		m := map[string]any{}
		for first := true; !p.accept('}'); first = false {
			if !first && !p.accept(',') {
				p.fail("want , or }")
			}
			k := p.str()
			if !p.accept(':') {
				p.fail("want :")
			}
			m[k] = p.value()
		}
		return m
	case p.accept('['):
		l := []any{}
		for first := true; !p.accept(']'); first = false {
			if !first && !p.accept(',') {
				p.fail("want , or ]")
			}
			l = append(l, p.value())
		}
		return l
	case rest == "":
		p.fail("unexpected end")
	case rest[0] == '"':
		return p.str()
	}
	j := p.i
	for j < len(p.s) && strings.IndexByte("+-.eE0123456789", p.s[j]) >= 0 {
		j++
	}
	f, err := strconv.ParseFloat(p.s[p.i:j], 64)
	if err != nil {
		p.fail("unexpected character " + strconv.Quote(rest[:1]))
	}
	p.i = j
	return f
}
func (p *parser) str() string {
	if !p.accept('"') {
		p.fail("want a string")
	}
	var b []byte
	for ; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; c {
		case '"':
			p.i++
			return string(b)
		case '\\':
			p.i++
			switch p.s[p.i] {
			case 'n':
				b = append(b, '\n')
			case 'u':
				r, err := strconv.ParseUint(p.s[p.i+1:p.i+5], 16, 32)
				if err != nil {
					p.fail("bad escape")
				}
				b = utf8.AppendRune(b, rune(r))
				p.i += 4
			default:
				b = append(b, p.s[p.i])
			}
		default:
			b = append(b, c)
		}
	}
	p.fail("open string")
	return ""
}
func parse(s string) (v any, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *syntaxError:
			err = r
		case error:
			err = fmt.Errorf("internal: %w", r)
		}
	}()
	p := &parser{s: s}
	v = p.value()
	if p.space(); p.i < len(s) {
		p.fail("trailing text")
	}
	return v, nil
}
func show(v any) string {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for i, k := range keys {
			keys[i] = strconv.Quote(k) + ":" + show(v[k])
		}
		return "{" + strings.Join(keys, ",") + "}"
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, show(e))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

func main() {
	for _, s := range []string{`{"b":[1,2.5,-3e2],"a":{"x":null,"y":true}}`, `[]`, `"\u00e9\n\"\\"`, ` [ {} , [ [ ] ] ] `,
		`{"a" 1}`, `[1 2]`, `{"a":}`, ``, `"open`, `nul`, `1 2`, `"\u12"`, `[1,]`} {
		v, err := parse(s)
		fmt.Println(show(v), err)
	}
}
