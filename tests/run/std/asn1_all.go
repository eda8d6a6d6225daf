// encoding/asn1: marshalling and parsing of all basic types, tags and errors.
package main

import (
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"
)

type inner struct {
	A int `asn1:"optional,default:5"`
	B string
}
type outer struct {
	Version int `asn1:"explicit,tag:0,default:0,optional"`
	OID     asn1.ObjectIdentifier
	Big     *big.Int
	Bits    asn1.BitString
	Oct     []byte
	When    time.Time
	Gen     time.Time `asn1:"generalized"`
	Seq     []inner
	Set     []int     `asn1:"set"`
	U       string    `asn1:"utf8"`
	P       string    `asn1:"printable"`
	I       string    `asn1:"ia5"`
	Flag    asn1.Flag `asn1:"optional,tag:3"`
	E       asn1.Enumerated
	Bool    bool
	Raw     asn1.RawValue
	Opt     string `asn1:"optional,tag:5,omitempty"`
}

func main() {
	t := time.Date(2030, 4, 5, 6, 7, 8, 0, time.UTC)
	v := outer{Version: 2, OID: asn1.ObjectIdentifier{1, 2, 840, 113549}, Big: new(big.Int).Lsh(big.NewInt(-3), 100), Bits: asn1.BitString{Bytes: []byte{0xa0}, BitLength: 3}, Oct: []byte("oct"), When: t, Gen: t.Add(time.Hour),
		Seq: []inner{{5, "x"}, {-129, "ÿ"}}, Set: []int{3, 1, 2}, U: "ünï", P: "Print", I: "ia5@", Flag: true, E: 7, Bool: true, Raw: asn1.RawValue{Class: 2, Tag: 9, Bytes: []byte{1}}}
	der, err := asn1.Marshal(v)
	fmt.Printf("%x %v\n", der, err)
	var w outer
	rest, err := asn1.Unmarshal(append(der, 1, 2), &w)
	fmt.Println(rest, err)
	fmt.Println(w.Version, w.OID, w.Big, w.Bits, string(w.Oct), w.When, w.Gen, w.Seq, w.Set, w.U, w.P, w.I, w.Flag, w.E, w.Bool, w.Raw.Tag, w.Raw.Bytes)
	fmt.Println(w.OID.Equal(v.OID), w.Bits.At(0), w.Bits.At(1), w.Bits.RightAlign())
	for _, x := range []any{0, -1, 127, 128, 1 << 40, true, "abc", "日本", []byte{}, []int{}, asn1.NullRawValue, asn1.ObjectIdentifier{2, 999, 3}} {
		b, err := asn1.Marshal(x)
		fmt.Printf("%x %v\n", b, err)
	}
	for _, x := range []any{1.5, nil, asn1.ObjectIdentifier{3}, struct{ a int }{}, map[string]int{}} {
		_, err := asn1.Marshal(x)
		fmt.Println(err)
	}
	var n int
	var s string
	var oid asn1.ObjectIdentifier
	var i8 int32
	for _, b := range [][]byte{{}, {2}, {2, 1}, {2, 0}, {2, 1, 5}, {2, 2, 0, 5}, {4, 1, 5}, {2, 0x81, 1, 5}, {2, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {0x1f, 0x80}} {
		_, err := asn1.Unmarshal(b, &n)
		fmt.Println(b, n, err)
	}
	_, err = asn1.Unmarshal([]byte{0x13, 2, 'a', '@'}, &s)
	fmt.Println(err)
	_, err = asn1.Unmarshal([]byte{0x0c, 1, 0xff}, &s)
	fmt.Println(err)
	_, err = asn1.Unmarshal([]byte{6, 2, 0x2a, 0x80}, &oid)
	fmt.Println(err)
	_, err = asn1.Unmarshal([]byte{2, 5, 1, 0, 0, 0, 0}, &i8)
	fmt.Println(err)
	_, err = asn1.Unmarshal(der, n)
	fmt.Println(err)
	_, err = asn1.UnmarshalWithParams([]byte{0xa2, 3, 2, 1, 9}, &n, "explicit,tag:2")
	fmt.Println(n, err)
	b, err := asn1.MarshalWithParams(3, "tag:4")
	fmt.Printf("%x %v\n", b, err)
	var anyv any
	_, err = asn1.Unmarshal([]byte{0x30, 6, 2, 1, 1, 0x0c, 1, 'x'}, &anyv)
	fmt.Println(anyv, err)
}
