// encoding/gob: types, interfaces, evolution of structs, custom encoders, errors.
package main

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"
)

type Shape interface{ Area() float64 }
type Square struct{ Side float64 }
type Circle struct{ R float64 }

func (s Square) Area() float64  { return s.Side * s.Side }
func (c *Circle) Area() float64 { return 3 * c.R * c.R }

type V1 struct {
	A int
	B string
	C []float64
	D map[string]*V1
	E [2]bool
	F complex128
	G Shape
	H []Shape
	I any
	J *int
	K []byte
	L uint8
	M time.Time
	N *big.Int
	h int
}
type V2 struct {
	B string
	A int64
	Z string
	E [2]bool
}
type Bad struct{ A string }
type secret struct{ s string }

func (s secret) GobEncode() ([]byte, error) { return []byte(strings.ToUpper(s.s)), nil }
func (s *secret) GobDecode(b []byte) error  { s.s = "decoded " + string(b); return nil }

type Wrap struct{ S secret }
type Tree struct {
	L, R *Tree
	V    int
}

func main() {
	gob.Register(Square{})
	gob.Register(&Circle{})
	gob.RegisterName("ints", []int{})
	n := 7
	v := V1{A: -5, B: "héllo", C: []float64{1.5, -2e300}, D: map[string]*V1{"x": {A: 1}}, E: [2]bool{true, false}, F: 1 + 2i, G: Square{3}, H: []Shape{&Circle{2}, Square{1}, nil}[:2], I: []int{1, 2}, J: &n, K: []byte{0, 255}, L: 200,
		M: time.Date(2024, 5, 6, 7, 8, 9, 10, time.UTC), N: big.NewInt(-123456789)}
	var buf bytes.Buffer
	enc, dec := gob.NewEncoder(&buf), gob.NewDecoder(&buf)
	fmt.Println(enc.Encode(v), buf.Len())
	size := buf.Len()
	fmt.Println(enc.Encode(&v), buf.Len()-size)
	var w V1
	fmt.Println(dec.Decode(&w))
	fmt.Println(w.A, w.B, w.C, w.D["x"].A, w.E, w.F, w.G.Area(), len(w.H), w.H[0].Area(), w.I, *w.J, w.K, w.L, w.M, w.N)
	var v2 V2
	fmt.Println(dec.Decode(&v2), v2)
	fmt.Println(dec.Decode(&v2) == io.EOF)

	enc.Encode(v)
	fmt.Println(dec.Decode(&Bad{}))
	buf.Reset()
	roundtrip := func(in, out any) {
		buf.Reset()
		if err := gob.NewEncoder(&buf).Encode(in); err != nil {
			fmt.Println("encode:", err)
			return
		}
		fmt.Printf("%x\n", buf.Bytes())
		if err := gob.NewDecoder(&buf).Decode(out); err != nil {
			fmt.Println("decode:", err)
		}
	}
	var s Wrap
	roundtrip(Wrap{secret{"abc"}}, &s)
	fmt.Println(s)
	var m map[string][]int
	roundtrip(map[string][]int{"a": {1, -1, 1 << 40}}, &m)
	fmt.Println(m)
	t := &Tree{V: 1, L: &Tree{V: 2}, R: &Tree{V: 3, L: &Tree{V: 4}}}
	var u *Tree
	roundtrip(t, &u)
	fmt.Println(u.V, u.L.V, u.R.L.V, u.R.R)
	var f float64
	roundtrip(17.0, &f)
	fmt.Println(f)
	var i8 int8
	roundtrip(1000, &i8)
	var st string
	roundtrip("x", &i8)
	roundtrip(make(chan int), &st)
	roundtrip(nil, &st)
	roundtrip(struct{ a int }{1}, &st)
	roundtrip([]any{struct{ Q int }{1}}, &st)
	var sh Shape = Square{9}
	buf.Reset()
	fmt.Println(gob.NewEncoder(&buf).Encode(&sh))
	var sh2 Shape
	fmt.Println(gob.NewDecoder(&buf).Decode(&sh2), sh2)
	fmt.Println(gob.NewDecoder(strings.NewReader("\x03garbage")).Decode(&sh2))
	func() {
		defer func() { fmt.Println(recover()) }()
		gob.Register(struct{}{})
		gob.RegisterName("ints", []string{})
	}()
}
