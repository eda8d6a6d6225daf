// encoding/binary, base32, base64, hex, ascii85, pem, csv.
package main

import (
	"bytes"
	"encoding"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"strings"
)

type header struct {
	Magic [4]byte
	Ver   uint16
	Flags int8
	_     [3]byte
	F     float32
	C     complex64
	Arr   [2]struct{ A, B int16 }
	OK    bool
}

func main() {
	h := header{[4]byte{'G', 'O', 'X', 'I'}, 0x1234, -2, [3]byte{}, 1.5, 2 + 3i, [2]struct{ A, B int16 }{{1, -1}, {256, 4}}, true}
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian, binary.NativeEndian} {
		var buf bytes.Buffer
		fmt.Println(binary.Write(&buf, o, h), binary.Size(h), o)
		fmt.Printf("%x\n", buf.Bytes())
		var g header
		fmt.Println(binary.Read(&buf, o, &g), g == h)
		fmt.Println(binary.Read(strings.NewReader("abc"), o, &g), binary.Read(strings.NewReader(""), o, &g))
		b, err := binary.Append(nil, o, []int32{1, -1})
		fmt.Println(b, err)
		n, err := binary.Encode(make([]byte, 3), o, uint32(1))
		fmt.Println(n, err)
		var x [2]uint16
		n, err = binary.Decode([]byte{1, 2, 3, 4, 5}, o, &x)
		fmt.Println(n, err, x)
	}
	fmt.Println(binary.Write(io.Discard, binary.BigEndian, 5), binary.Write(io.Discard, binary.BigEndian, "s"), binary.Size([]int{1}))
	for _, u := range []uint64{0, 1, 127, 128, 300, 1 << 32, 1<<64 - 1} {
		b := binary.AppendUvarint(nil, u)
		v, n := binary.Uvarint(b)
		s := binary.AppendVarint(nil, -int64(u))
		w, m := binary.Varint(s)
		fmt.Println(b, v, n, s, w, m)
	}
	fmt.Println(binary.Uvarint(bytes.Repeat([]byte{0xff}, 11)))
	fmt.Println(binary.ReadUvarint(bytes.NewReader([]byte{0x80})))
	fmt.Println(binary.LittleEndian.Uint64([]byte("12345678")), binary.BigEndian.AppendUint32(nil, 7))

	data := []byte("any carnal pleas\x00\xff\xfe")
	for n := range 7 {
		d := data[:len(data)-n]
		s := base64.StdEncoding.EncodeToString(d)
		u := base64.RawURLEncoding.EncodeToString(d)
		t := base32.StdEncoding.EncodeToString(d)
		x := base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(d)
		fmt.Println(s, u, t, x, hex.EncodeToString(d))
		b1, e1 := base64.StdEncoding.DecodeString(s)
		b2, e2 := base32.StdEncoding.DecodeString(t)
		fmt.Println(bytes.Equal(b1, d), bytes.Equal(b2, d), e1, e2)
		a := make([]byte, ascii85.MaxEncodedLen(len(d)))
		a = a[:ascii85.Encode(a, d)]
		o := make([]byte, 100)
		nd, ns, err := ascii85.Decode(o, a, true)
		fmt.Println(string(a), bytes.Equal(o[:nd], d), ns == len(a), err)
	}
	for _, bad := range []string{"YQ", "YQ==x", "Y Q==", "YQ=a", "YR==", "!!!!", "YQ\n=="} {
		_, e1 := base64.StdEncoding.DecodeString(bad)
		_, e2 := base64.StdEncoding.Strict().DecodeString(bad)
		_, e3 := base32.StdEncoding.DecodeString(bad)
		_, e4 := hex.DecodeString(bad)
		fmt.Println(e1, e2, e3, e4)
	}
	w := base64.NewEncoder(base64.StdEncoding, os.Stdout)
	w.Write([]byte("stream"))
	w.Write([]byte("ed!"))
	w.Close()
	fmt.Println()
	r, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader("c3RyZWFt\nZWQh")))
	fmt.Println(string(r), err)
	fmt.Print(hex.Dump([]byte("The quick brown fox\n\x01\x02")))
	dm := hex.Dumper(os.Stdout)
	dm.Write([]byte("abc"))
	dm.Write(bytes.Repeat([]byte{7}, 20))
	dm.Close()

	blk := &pem.Block{Type: "TEST KEY", Headers: map[string]string{"Proc-Type": "4,X", "A": "b"}, Bytes: bytes.Repeat([]byte{1, 2, 3}, 30)}
	txt := pem.EncodeToMemory(blk)
	fmt.Print(string(txt))
	p, rest := pem.Decode(append([]byte("junk\n"), append(txt, "tail"...)...))
	fmt.Println(p.Type, p.Headers, bytes.Equal(p.Bytes, blk.Bytes), string(rest))
	p, rest = pem.Decode([]byte("-----BEGIN X-----\nbroken"))
	fmt.Println(p == nil, len(rest))

	cr := csv.NewReader(strings.NewReader("a,\"b \"\"q\"\"\",c\n# comment\n1, 2 ,3\n\n\"multi\nline\",x,y\n"))
	cr.Comment = '#'
	for {
		rec, err := cr.Read()
		if err != nil {
			fmt.Println(err)
			break
		}
		l, c := cr.FieldPos(1)
		fmt.Printf("%q %d %d %d\n", rec, l, c, cr.InputOffset())
	}
	for _, bad := range []string{"a,b\nc\n", "a\"b,c", "\"open", "\"a\"b,c", "a;b\nc;d"} {
		cr := csv.NewReader(strings.NewReader(bad))
		all, err := cr.ReadAll()
		fmt.Printf("%q %v\n", all, err)
	}
	cr = csv.NewReader(strings.NewReader("a;b \"c\";d\nx"))
	cr.Comma, cr.LazyQuotes, cr.FieldsPerRecord, cr.TrimLeadingSpace = ';', true, -1, true
	fmt.Println(cr.ReadAll())
	cw := csv.NewWriter(os.Stdout)
	cw.WriteAll([][]string{{"plain", "with,comma", "with \"q\"", " lead", "", "nl\n"}, {"", `\.`}})
	fmt.Println(cw.Error())
	var _ encoding.TextMarshaler
}
