// bytes: functions, Buffer and Reader.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing/iotest"
	"unicode"
)

func main() {
	for _, w := range []string{"", "abcabc", "日本x", "\xffz", "key=value=more"} {
		b := []byte(w)
		for _, sep := range []string{"", "a", "=", "本", "bc"} {
			s := []byte(sep)
			x, y, ok := bytes.Cut(b, s)
			fmt.Printf("%q %q: %d %d %d %q %q %t %q %q %q\n", w, sep, bytes.Index(b, s), bytes.LastIndex(b, s), bytes.Count(b, s), x, y, ok, bytes.Split(b, s), bytes.SplitAfter(b, s), bytes.ReplaceAll(b, s, []byte("#")))
		}
		fmt.Printf("%q %q %q %q\n", bytes.ToUpper(b), bytes.Title(b), bytes.Fields(b), bytes.Runes(b))
		fmt.Println(bytes.Equal(b, []byte("abcabc")), bytes.Compare(b, []byte("b")), bytes.EqualFold(b, []byte("ABCABC")), bytes.IndexFunc(b, unicode.IsDigit), bytes.ContainsAny(b, "x="))
	}
	src := []byte("a-b-c")
	parts := bytes.Split(src, []byte("-"))
	parts[0] = append(parts[0], "XYZ"...)
	fmt.Printf("%s %s\n", src, parts)
	fmt.Println(bytes.Clone(nil) == nil, bytes.Clone([]byte{}) != nil, bytes.TrimSpace([]byte("  ")) == nil)
	fmt.Printf("%q %q\n", bytes.TrimFunc([]byte("12ab34"), unicode.IsDigit), slices.Collect(bytes.Lines([]byte("a\nb\n"))))
	fmt.Printf("%s %s\n", bytes.Join([][]byte{[]byte("x"), nil, []byte("y")}, []byte("+")), bytes.Repeat([]byte("ab"), 3))

	var buf bytes.Buffer
	buf.WriteString("line1\nline2\nrest")
	line, err := buf.ReadBytes('\n')
	fmt.Printf("%q %v\n", line, err)
	str, err := buf.ReadString('\n')
	fmt.Printf("%q %v %q %d\n", str, err, buf.Next(2), buf.Len())
	fmt.Println(buf.UnreadByte(), buf.String(), buf.UnreadByte())
	c, err := buf.ReadByte()
	fmt.Println(string(c), err, buf.UnreadByte(), buf.UnreadByte())
	r, n, err := buf.ReadRune()
	fmt.Println(string(r), n, err, buf.UnreadRune(), buf.UnreadRune())
	str, err = buf.ReadString('!')
	fmt.Printf("%q %v\n", str, err)
	_, err = buf.Read(make([]byte, 1))
	fmt.Println(err, buf.Len())
	for i := range 100 {
		fmt.Fprintf(&buf, "%d ", i)
	}
	buf.Truncate(20)
	fmt.Printf("%q %q\n", buf.Bytes(), buf.AvailableBuffer())
	pk, err := buf.Peek(5)
	fmt.Printf("%q %v\n", pk, err)
	nn, err := buf.ReadFrom(iotest.OneByteReader(strings.NewReader("one byte at a time")))
	fmt.Println(nn, err)
	nn, err = buf.ReadFrom(iotest.ErrReader(errors.New("broken")))
	fmt.Println(nn, err)
	out := bytes.NewBuffer([]byte("init"))
	nn, err = buf.WriteTo(out)
	fmt.Println(nn, err, out, buf.Len())
	for _, f := range []func(){func() { buf.Truncate(9) }, func() { buf.Grow(-1) }, func() { bytes.Repeat(nil, -1) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
	var nilbuf *bytes.Buffer
	fmt.Println(nilbuf.String())
	rd := bytes.NewReader([]byte("0123456789"))
	fmt.Println(rd.Seek(5, io.SeekCurrent))
	rest, _ := io.ReadAll(rd)
	fmt.Println(string(rest), rd.Len(), rd.Size())
	fmt.Println(bytes.MinRead, bytes.ErrTooLarge)
	// Growth and compaction keep the content.
	var g bytes.Buffer
	sum := 0
	for i := range 2000 {
		g.Write(bytes.Repeat([]byte{byte(i)}, i%37))
		for _, b := range g.Next(i % 29) {
			sum = sum*31 + int(b)
		}
	}
	fmt.Println(sum, g.Len())
}
