// strings: Builder, Reader, Replacer.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

func main() {
	var b strings.Builder
	b.Grow(10)
	fmt.Println(b.Cap() >= 10, b.Len())
	for i := range 5 {
		fmt.Fprintf(&b, "%d,", i)
	}
	b.WriteByte('!')
	b.WriteRune('é')
	b.WriteString("end")
	b.Write([]byte{'x'})
	fmt.Println(b.String(), b.Len())
	func() {
		defer func() { fmt.Println(recover()) }()
		c := b
		c.WriteString("copied")
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		b.Grow(-1)
	}()
	b.Reset()
	fmt.Printf("%q\n", b.String())

	r := strings.NewReader("héllo wörld")
	buf := make([]byte, 4)
	for {
		n, err := r.Read(buf)
		fmt.Print(n, " ", err, " ", r.Len(), ";")
		if err != nil {
			break
		}
	}
	fmt.Println()
	fmt.Println(r.Seek(-3, io.SeekEnd))
	fmt.Println(r.ReadByte())
	fmt.Println(r.UnreadByte(), r.Len())
	fmt.Println(r.Seek(1, io.SeekStart))
	fmt.Println(r.ReadRune())
	fmt.Println(r.UnreadRune(), r.UnreadRune())
	fmt.Println(r.Seek(-1, io.SeekStart))
	fmt.Println(r.Seek(0, 9))
	fmt.Println(r.ReadAt(buf, 8))
	fmt.Println(r.ReadAt(buf, 100))
	fmt.Println(r.ReadAt(buf, -1))
	r.Seek(0, 0)
	n, err := r.WriteTo(os.Stdout)
	fmt.Println("", n, err, r.Size())
	r.Reset("new")
	fmt.Println(r.Len())

	replacers := []*strings.Replacer{
		strings.NewReplacer("a", "1", "b", "2"),
		strings.NewReplacer("a", "", "e", "3"),
		strings.NewReplacer("hello", "bye", "hell", "heaven", "l", "L"),
		strings.NewReplacer("", "-"),
		strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", "é", "e"),
		strings.NewReplacer("aa", "x", "aaa", "y", "", "z"),
		strings.NewReplacer("needle", "pin"),
		strings.NewReplacer(),
	}
	for _, rp := range replacers {
		for _, s := range []string{"", "hello & aaaa", "<bé>", "needle hell hello"} {
			fmt.Printf("%q ", rp.Replace(s))
			rp.WriteString(&b, s)
		}
		fmt.Println(utf8.RuneCountInString(b.String()))
	}
}
