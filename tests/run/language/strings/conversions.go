// Conversions between strings, byte slices, rune slices, integers; named types; copies.
package main

import "fmt"

type (
	myString string
	myBytes  []byte
	myRunes  []rune
	myByte   byte
	bytesOf  []myByte
)

//go:noinline
func lookup(m map[string]int, key []byte) int { return m[string(key)] }

//go:noinline
func equal(a []byte, b string) bool { return string(a) == b }

//go:noinline
func joined(b []byte) string { return "<" + string(b) + ">" }

func main() {
	b := []byte("héllo")
	s := string(b)
	b[0] = 'J'
	fmt.Println(s, string(b), len(b), cap(b) >= len(b))
	r := []rune("héllo\xff")
	r[1] = '€'
	fmt.Println(string(r), len(r), r)
	for _, c := range []rune{65, 0xe9, 0x20ac, 0x1f600, -1, 0xd800, 0xdfff, 0x10ffff, 0x110000, 0} {
		fmt.Printf("%q %d ", string(c), len(string(c)))
	}
	fmt.Println()
	fmt.Println(string([]rune{-1, 'x', 0xd800, 0x7fffffff}) == "\ufffdx\ufffd\ufffd")
	fmt.Println(myString(b), string(myBytes("abc")), myBytes(myString("d")), []byte(myString("é")), myRunes("é"), string(myRunes{233}))
	fmt.Println(string(bytesOf{104, 105}), bytesOf("hi"), string(myByte(65)), myString([]byte{66}))
	m := map[string]int{"key": 1, "": 2}
	fmt.Println(lookup(m, []byte("key")), lookup(m, nil), lookup(m, []byte{}), lookup(m, []byte("no")))
	fmt.Println(equal([]byte("x"), "x"), equal(nil, ""), equal([]byte("x"), "y"), joined([]byte("in")), joined(nil))
	fmt.Println([]byte("") == nil, []rune("") == nil, len([]byte("")), string([]byte(nil)) == "")
	for i, c := range []byte("loop") {
		fmt.Print(i, c, " ")
	}
	fmt.Println()
	key := []byte("k")
	counts := map[string]int{}
	for range 3 {
		counts[string(key)]++
		key = append(key, 'k')
	}
	fmt.Println(counts)
	type pair struct{ a, b string }
	pairs := map[pair]bool{{string(key[:1]), "x"}: true}
	key[0] = '!'
	fmt.Println(pairs[pair{"k", "x"}], pairs[pair{string(key[:1]), "x"}])
	switch string(key) {
	case "!kkk":
		fmt.Println("matched")
	}
	x := append([]byte("ab"), "cd"...)
	n := copy(x[1:], "XYZW")
	fmt.Println(string(x), n)
	fmt.Println(string(append(x[:1], []byte("!")...)), string(x))
}
