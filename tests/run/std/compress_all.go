// compress/*: every level, dictionaries, multi-member streams, damaged input; the bytes are compared too.
package main

import (
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"compress/lzw"
	"compress/zlib"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
)

func main() {
	var texts [][]byte
	texts = append(texts, nil, []byte("a"), bytes.Repeat([]byte("hello world "), 5000), make([]byte, 100000))
	noise := make([]byte, 70000)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	texts = append(texts, noise)
	var words strings.Builder
	for i := range 20000 {
		x = x*1664525 + 1013904223
		fmt.Fprint(&words, []string{"alpha ", "beta ", "gamma ", "delta\n"}[x>>30], i%100, " ")
	}
	texts = append(texts, []byte(words.String()))
	for ti, t := range texts {
		for _, level := range []int{-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9} {
			var b bytes.Buffer
			w, err := flate.NewWriter(&b, level)
			for i := 0; i < len(t); i += 9999 {
				w.Write(t[i:min(len(t), i+9999)])
				if i == 9999*2 {
					w.Flush()
				}
			}
			w.Close()
			n := b.Len()
			sum := md5.Sum(b.Bytes())
			back, err2 := io.ReadAll(flate.NewReader(&b))
			fmt.Println(ti, level, n, hex.EncodeToString(sum[:4]), err, err2, bytes.Equal(back, t))
		}
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		z.Write(t)
		z.Close()
		r, err := zlib.NewReader(&b)
		back, err2 := io.ReadAll(r)
		fmt.Println(err, err2, bytes.Equal(back, t))
		for _, order := range []lzw.Order{lzw.LSB, lzw.MSB} {
			b.Reset()
			l := lzw.NewWriter(&b, order, 8)
			l.Write(t)
			l.Close()
			n := b.Len()
			back, err := io.ReadAll(lzw.NewReader(&b, order, 8))
			fmt.Println(n, err, bytes.Equal(back, t))
		}
	}
	var b bytes.Buffer
	g := gzip.NewWriter(&b)
	g.Name, g.Comment, g.ModTime, g.Extra, g.OS = "näme.txt", "a comment", time.Unix(1e9, 0), []byte{1, 2}, 3
	g.Write([]byte("first"))
	g.Close()
	g.Reset(&b)
	g.Write([]byte(" second"))
	g.Close()
	raw := bytes.Clone(b.Bytes())
	r, err := gzip.NewReader(&b)
	fmt.Println(r.Name, r.Comment, r.ModTime.UTC(), r.Extra, r.OS, err)
	all, err := io.ReadAll(r)
	fmt.Println(string(all), err)
	r.Reset(bytes.NewReader(raw))
	r.Multistream(false)
	all, err = io.ReadAll(r)
	fmt.Println(string(all), err)
	for cut := range len(raw) {
		r, err := gzip.NewReader(bytes.NewReader(raw[:cut]))
		if err == nil {
			_, err = io.ReadAll(r)
		}
		fmt.Print(err, " ")
	}
	fmt.Println()
	for i := range raw {
		bad := bytes.Clone(raw)
		bad[i] ^= 0x55
		r, err := gzip.NewReader(bytes.NewReader(bad))
		if err == nil {
			_, err = io.ReadAll(r)
		}
		fmt.Print(err, ";")
	}
	fmt.Println()
	dict := []byte("a dictionary of common words")
	b.Reset()
	dw, _ := flate.NewWriterDict(&b, 9, dict)
	dw.Write([]byte("common words of a dictionary"))
	dw.Close()
	n := b.Len()
	all, err = io.ReadAll(flate.NewReaderDict(&b, dict))
	fmt.Println(n, string(all), err)
	b.Reset()
	zd, _ := zlib.NewWriterLevelDict(&b, 6, dict)
	zd.Write([]byte("dictionary"))
	zd.Close()
	_, err = zlib.NewReader(bytes.NewReader(b.Bytes()))
	fmt.Println(err)
	zr, err := zlib.NewReaderDict(&b, dict)
	all, _ = io.ReadAll(zr)
	fmt.Println(string(all), err)
	_, err = flate.NewWriter(nil, 42)
	fmt.Println(err)
	bz, _ := hex.DecodeString("425a68393141592653594eece83600000251800010400006449080200031064c4101a7a9a580bb9431f8bb9229c28482776741b0")
	all, err = io.ReadAll(bzip2.NewReader(bytes.NewReader(bz)))
	fmt.Printf("%q %v\n", all, err)
	_, err = io.ReadAll(bzip2.NewReader(strings.NewReader("BZh9junk")))
	fmt.Println(err)
}
