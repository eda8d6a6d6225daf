// Conversions between strings and bytes that may avoid a copy must still behave as copies.
package main

import (
	"bytes"
	"fmt"
	"strings"
)

//go:noinline
func mutate(b []byte) string { s := string(b); b[0] = '!'; return s }

//go:noinline
func keep(m map[string]int, b []byte) { m[string(b)] = len(m); b[0]++ }

//go:noinline
func concat(b []byte) (string, string) {
	s := "<" + string(b) + ">"
	b[0] = '?'
	return s, "<" + string(b) + ">"
}

//go:noinline
func compare(a, b []byte) (bool, bool, bool) {
	return string(a) == string(b), string(a) < string(b), string(a)+"x" == string(b)+"x"
}

//go:noinline
func ranging(b []byte) (out string) {
	for i, r := range string(b) {
		if i == 0 {
			b[len(b)-1] = 'Z'
		}
		out += string(r)
	}
	for i, c := range []byte("abc") {
		out += fmt.Sprint(i, c)
	}
	return
}

//go:noinline
func toBytes(s string) ([]byte, []byte) {
	a, b := []byte(s), []byte(s)
	a[0] = 'A'
	return a, append(b, 'x')
}

func switchOn(b []byte) string {
	switch string(b) {
	case "go":
		b[0] = 'n'
		return "go " + string(b)
	case "no":
		return "no"
	}
	return "other"
}

func main() {
	b := []byte("hello")
	fmt.Println(mutate(b), string(b))
	m := map[string]int{}
	k := []byte("key")
	keep(m, k)
	keep(m, k)
	keep(m, k)
	fmt.Println(m, string(k), m[string([]byte("key"))])
	fmt.Println(concat([]byte("in")))
	fmt.Println(compare([]byte("a"), []byte("a")))
	fmt.Println(compare([]byte("a"), []byte("b")))
	fmt.Println(compare(nil, []byte{}))
	fmt.Println(ranging([]byte("xyz")))
	const c = "constant"
	x, y := toBytes(c)
	fmt.Println(string(x), string(y), c)
	g := []byte("go")
	fmt.Println(switchOn(g), switchOn(g), switchOn(nil))
	s := strings.Repeat("ab", 50)
	sub := s[10:20]
	bs := []byte(sub)
	bs[0] = 'X'
	fmt.Println(sub, string(bs), bytes.Equal(bs[1:], []byte(sub[1:])))
	var parts []string
	buf := make([]byte, 0, 4)
	for i := range 3 {
		buf = append(buf[:0], byte('a'+i), byte('a'+i))
		parts = append(parts, string(buf))
	}
	fmt.Println(parts)
	r := []rune("héé")
	t := string(r)
	r[0] = 'j'
	fmt.Println(t, string(r), string(r[1:2]), len(string(r)))
	e := string([]byte{})
	fmt.Println(e == "", len(e+string([]byte(nil))), strings.Compare(string(b), "!ello"))
	type st struct{ s string }
	set := map[st]bool{{string(b)}: true}
	b[1] = 'X'
	fmt.Println(set[st{"!ello"}], set[st{string(b)}])
	f := func() func() string {
		z := []byte("late")
		s := string(z)
		z[0] = 'm'
		return func() string { return s + string(z) }
	}()
	fmt.Println(f())
}
