// bufio and fmt scanning at their edges: long tokens, empty tokens, split functions of every
// behaviour, small readers, unread, peek, numbers that do not fit.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing/iotest"
)

func scan(s *bufio.Scanner) {
	n := 0
	for s.Scan() {
		t := s.Text()
		if len(t) > 20 {
			t = fmt.Sprint(t[:5], "...", len(t))
		}
		fmt.Printf("%q ", t)
		if n++; n > 12 {
			break
		}
	}
	fmt.Println("err:", s.Err())
}

func scanners() {
	for _, in := range []string{"", "\n", "a\r\nb\n\nc", "x\ry\r", "  leading and   trailing  ", "日本 \xff語\u00a0x\u2003y", strings.Repeat("w", 70)} {
		for _, split := range []bufio.SplitFunc{bufio.ScanLines, bufio.ScanWords, bufio.ScanRunes, bufio.ScanBytes} {
			s := bufio.NewScanner(iotest.OneByteReader(strings.NewReader(in)))
			s.Split(split)
			scan(s)
		}
	}
	s := bufio.NewScanner(strings.NewReader(strings.Repeat("w", 70000)))
	scan(s)
	s = bufio.NewScanner(strings.NewReader("abcdef\nghij\n"))
	s.Buffer(make([]byte, 0, 2), 5)
	scan(s)
	s = bufio.NewScanner(strings.NewReader("abcd\nghij\n"))
	s.Buffer(make([]byte, 0, 2), 5)
	scan(s)
	s = bufio.NewScanner(iotest.DataErrReader(strings.NewReader("last\nline")))
	scan(s)
	s = bufio.NewScanner(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("ab\ncd"))))
	scan(s)
	for name, split := range map[string]bufio.SplitFunc{"final": func(data []byte, eof bool) (int, []byte, error) {
		if len(data) >= 3 {
			return 3, data[:3], bufio.ErrFinalToken
		}
		return 0, nil, nil
	}} {
		s = bufio.NewScanner(strings.NewReader("abcdefg"))
		s.Split(split)
		fmt.Print(name, " ")
		scan(s)
	}
	for i, split := range []bufio.SplitFunc{
		func(data []byte, eof bool) (int, []byte, error) { return -1, nil, nil },
		func(data []byte, eof bool) (int, []byte, error) { return len(data) + 1, nil, nil },
		func(data []byte, eof bool) (int, []byte, error) { return 0, nil, errors.New("mine") },
		func(data []byte, eof bool) (int, []byte, error) { return 1, []byte{}, nil },
		func(data []byte, eof bool) (int, []byte, error) {
			if eof && len(data) == 0 {
				return 0, nil, bufio.ErrFinalToken
			}
			return len(data), data, nil
		},
	} {
		s = bufio.NewScanner(strings.NewReader("abc"))
		s.Split(split)
		fmt.Print(i, " ")
		scan(s)
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		s.Split(bufio.ScanLines)
	}()
}

func readers() {
	r := bufio.NewReaderSize(iotest.HalfReader(strings.NewReader("line one\nline two is longer than sixteen bytes\nlast")), 1)
	fmt.Println(r.Size())
	p, err := r.Peek(4)
	fmt.Printf("%q %v %d\n", p, err, r.Buffered())
	p, err = r.Peek(17)
	fmt.Printf("%q %v\n", p, err)
	for {
		line, prefix, err := r.ReadLine()
		fmt.Printf("%q %v %v\n", line, prefix, err)
		if err != nil {
			break
		}
	}
	r.Reset(strings.NewReader("añ\xffz"))
	fmt.Println(r.UnreadRune(), r.UnreadByte())
	for {
		c, n, err := r.ReadRune()
		fmt.Println(c, n, err)
		if err != nil {
			break
		}
	}
	fmt.Println(r.UnreadRune(), r.UnreadByte())
	r.Reset(strings.NewReader("a,b,,c"))
	for {
		s, err := r.ReadString(',')
		fmt.Printf("%q %v ", s, err)
		if err != nil {
			break
		}
	}
	fmt.Println()
	r.Reset(strings.NewReader("0123456789"))
	n, err := r.Discard(4)
	fmt.Println(n, err)
	n, err = r.Discard(40)
	fmt.Println(n, err)
	n, err = r.Discard(-1)
	fmt.Println(n, err)
	r.Reset(strings.NewReader(strings.Repeat("x", 100)))
	_, err = r.ReadSlice('\n')
	fmt.Println(err)
	var b bytes.Buffer
	m, err := r.WriteTo(&b)
	fmt.Println(m, err)

	w := bufio.NewWriterSize(&b, 5)
	fmt.Println(w.Available(), w.Buffered())
	w.WriteString("abcdefgh")
	w.WriteRune('é')
	w.WriteByte('!')
	fmt.Println(w.Available(), w.Buffered())
	fmt.Println(w.ReadFrom(strings.NewReader("from")))
	fmt.Println(w.Flush(), b.String())
	bad := bufio.NewWriter(writer(func(p []byte) (int, error) { return len(p) / 2, nil }))
	bad.WriteString("some")
	fmt.Println(bad.Flush(), bad.Buffered())
	_, err = bad.WriteString("more")
	fmt.Println(err)
	none := bufio.NewReader(reader(func([]byte) (int, error) { return 0, nil }))
	_, err = none.ReadByte()
	fmt.Println(err)
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

type hex int

func (h *hex) Scan(s fmt.ScanState, verb rune) error {
	tok, err := s.Token(true, func(r rune) bool { return strings.ContainsRune("0123456789abcdef", r) })
	if err != nil {
		return err
	}
	w, ok := s.Width()
	_, err = fmt.Sscanf(string(tok), "%x", (*int)(h))
	fmt.Print("[", string(tok), " ", w, ok, " ", string(verb), "]")
	return err
}

func formats() {
	var (
		i    int
		i8   int8
		u    uint
		f    float64
		f32  float32
		s, t string
		b    bool
		c    complex128
		r    rune
		by   []byte
		h    hex
	)
	try := func(in, format string, args ...any) {
		n, err := fmt.Sscanf(in, format, args...)
		fmt.Printf("%q %q: %d %v |", in, format, n, err)
		fmt.Println(i, i8, u, f, f32, s, t, b, c, r, string(by))
	}
	try("10 0x1f", "%d %v", &i, &u)
	try("300", "%d", &i8)
	try("-1", "%d", &u)
	try("0b101", "%v", &i)
	try("0o17 1_000", "%v %v", &i, &u)
	try("12345", "%2d%3d", &i, &u)
	try("1.5e3 nan", "%g %v", &f, &f32)
	try("1e400", "%g", &f)
	try("0x1p-2", "%g", &f)
	try("abc def", "%2s%s", &s, &t)
	try(`"quoted \n" x`, "%q %v", &s, &t)
	try("`raw`", "%q", &s)
	try("true F", "%t %s", &b, &s)
	try("maybe", "%t", &b)
	try("(1+2i)", "%v", &c)
	try("x", "%c", &r)
	try("日", "%c", &r)
	try("6162zz", "%x", &by)
	try("5%", "%d%%", &i)
	try("a5", "b%d", &i)
	try("5 \n 6", "%d %d", &i, &u)
	try("5\n6", "%d\n%d", &i, &u)
	try("", "%d", &i)
	try("7", "%d %d", &i, &u)
	try("7 8", "%d", &i)
	try("7", "%z", &i)
	try("ff", "%v", &h)
	try("ffee", "%2x", &h)
	n, err := fmt.Sscan("1 2\n3 x", &i, &u, &f, &s)
	fmt.Println(n, err, i, u, f, s)
	n, err = fmt.Sscanln("1 2\n3", &i, &u, &f)
	fmt.Println(n, err)
	n, err = fmt.Sscan("1", i)
	fmt.Println(n, err)
	rd := strings.NewReader("12 34 rest")
	fmt.Fscan(rd, &i)
	rest, _ := io.ReadAll(rd)
	fmt.Printf("%d %q\n", i, rest)
}

func main() {
	scanners()
	readers()
	formats()
}
