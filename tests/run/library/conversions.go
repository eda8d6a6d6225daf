// Conversions between bytes and strings where a compiler may spare the copy, and where it
// must not.
package main

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"
)

type word string

func kind(b []byte) string {
	switch string(b) {
	case "":
		return "empty"
	case "a", "bc":
		return "short"
	case "true", "false":
		return "truth"
	case "a longer one than sixteen bytes":
		return "long"
	}
	switch word(b) {
	case "word":
		return "word"
	}
	return "other"
}

// change is evaluated between the conversion and its use.
func change(b []byte) string {
	b[0] = 'X'
	return "Xyz"
}

func maps() {
	m := map[string]int{}
	key := []byte("key0")
	for i := range 3 {
		key[3] = byte('0' + i)
		m[string(key)] = i
		m[string(key)]++
		m[string(key[:3])] += 10
	}
	key[3] = 'z'
	fmt.Println(m, m[string(key)], m[string(key[:3])])
	v, ok := m[string(key)]
	fmt.Println(v, ok)
	if v, ok := m[string(key[:3])]; ok {
		fmt.Println(v)
	}
	byWord := map[word]string{"one": "1"}
	fmt.Println(byWord[word([]byte("one"))], byWord[word([]byte("two"))] == "")
	byAny := map[any]int{"x": 1}
	fmt.Println(byAny[string([]byte("x"))])
	nested := map[string]map[string]int{"a": {"b": 5}}
	fmt.Println(nested[string([]byte{'a'})][string([]byte{'b'})])
	var none map[string]int
	fmt.Println(none[string(key)])
}

func comparisons() {
	b := []byte("abc")
	kept := string(b)
	fmt.Println(string(b) == kept, string(b) != "abd", string(b) < "abd", "abc" <= string(b))
	b[1] = 'x'
	fmt.Println(string(b) == kept, kept, string(b[:1]) == "a", string(b[:0]) == "")
	fmt.Println(string(b)+change(b) == "axcXyz" || string(b) == "Xxc")
	var x any = string(b)
	b[0] = 'q'
	fmt.Println(x == any("Xxc"), x)
	for n := range 20 {
		long := strings.Repeat("s", n)
		other := []byte(long)
		for i := range other {
			other[i] = 't'
			if string(other) == long {
				fmt.Println("equal", n, i)
			}
			other[i] = 's'
		}
		if string(other) != long {
			fmt.Println("different", n)
		}
	}
}

func constants(s string) (found []string) {
	for _, test := range []struct {
		name string
		ok   bool
	}{
		{"x", s == "x"}, {"xy", s == "xy"}, {"xyz", "xyz" == s}, {"wxyz", s == "wxyz"},
		{"vwxyz", s == "vwxyz"}, {"tuvwxyz", s == "tuvwxyz"}, {"stuvwxyz", s == "stuvwxyz"},
		{"0123456789", s == "0123456789"}, {"0123456789abcdef", s == "0123456789abcdef"},
		{"0123456789abcdefg", s == "0123456789abcdefg"},
	} {
		if test.ok != (s == test.name) {
			found = append(found, "wrong: "+test.name)
		}
		if test.ok {
			found = append(found, test.name)
		}
	}
	return found
}

func words() {
	b := []byte{1, 2, 3, 4, 5, 6, 7, 0x88, 9}
	little, big := binary.LittleEndian, binary.BigEndian
	fmt.Printf("%x %x %x\n", little.Uint16(b), little.Uint32(b[1:]), little.Uint64(b[1:]))
	fmt.Printf("%x %x %x\n", big.Uint16(b), big.Uint32(b[1:]), big.Uint64(b[1:]))
	little.PutUint16(b, 0xabcd)
	big.PutUint32(b[3:], 0xdeadbeef)
	fmt.Printf("%x %x\n", b, big.AppendUint64(little.AppendUint32(nil, 7), 8))
	big.PutUint64(b[1:], 0x1122334455667788)
	little.PutUint64(b, little.Uint64(b)+1)
	fmt.Printf("%x\n", b)
	defer func() { fmt.Println(recover(), b[8]) }()
	little.PutUint64(b[2:], 5)
}

type stringer interface{ String() string }

type (
	loud  struct{ s string }
	quiet int
)

func (l loud) String() string { return strings.ToUpper(l.s) }

// asked asserts at one place things of several types.
func asked(x any) string {
	if s, ok := x.(stringer); ok {
		return s.String()
	}
	switch x := x.(type) {
	case interface{ Error() string }:
		return "error " + x.Error()
	case stringer:
		return "never"
	}
	return "no"
}

func must(x any) (result string) {
	defer func() {
		if e := recover(); e != nil {
			result = fmt.Sprint(e)
		}
	}()
	return x.(stringer).String()
}

func main() {
	for _, s := range []string{"", "a", "bc", "true", "fals", "word", "a longer one than sixteen bytes"} {
		fmt.Println(s, kind([]byte(s)))
	}
	maps()
	comparisons()
	for _, s := range []string{"", "x", "y", "xy", "xyz", "xyy", "wxyz", "vwxyz", "vwxyy", "tuvwxyz", "stuvwxyz", "stuvwxyy", "0123456789", "0123456788", "0123456789abcdef", "0123456789abcdee", "0123456789abcdefg"} {
		fmt.Println(constants(s))
	}
	words()
	for range 2 {
		for _, x := range []any{loud{"a"}, 1, fmt.Errorf("e"), &loud{"b"}, quiet(3), nil, loud{"c"}} {
			fmt.Println(asked(x), must(x))
		}
	}
	long := strings.Repeat("ascii ", 50)
	for _, tail := range []string{"", "é", "\xff", "日本", "\xe6\x97"} {
		fmt.Println(utf8.ValidString(long+tail), utf8.Valid([]byte(long+tail+long)), utf8.RuneCountInString(long+tail))
	}
}
