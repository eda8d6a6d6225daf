// fmt: the scanning half: Sscan, Sscanf, Fscan, Scanner implementations, errors.
//
//test:stdin 12 abc 3.5
//test:stdin true 0x1f
//test:stdin last line
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

type pair struct{ a, b int }

func (p *pair) Scan(s fmt.ScanState, verb rune) error {
	s.SkipSpace()
	tok, err := s.Token(true, func(r rune) bool { return r != ' ' && r != '\n' })
	if err != nil {
		return err
	}
	w, ok := s.Width()
	fmt.Println("scan", string(verb), w, ok, string(tok))
	_, err = fmt.Sscanf(string(tok), "%d:%d", &p.a, &p.b)
	return err
}

func main() {
	in := bufio.NewReader(os.Stdin)
	var (
		i int
		s string
		f float64
		b bool
		u uint
	)
	n, err := fmt.Fscan(in, &i, &s, &f)
	fmt.Println(n, err, i, s, f)
	n, err = fmt.Fscanln(in)
	fmt.Println(n, err)
	n, err = fmt.Fscanln(in, &b, &u)
	fmt.Println(n, err, b, u)
	rest, _ := io.ReadAll(in)
	fmt.Printf("%q\n", rest)

	var c complex128
	var r rune
	var by []byte
	fmt.Println(fmt.Sscan("(1+2i) 65 bytes", &c, &r, &by))
	fmt.Println(c, r, string(by))
	fmt.Println(fmt.Sscanf("7 apples cost $3.50", "%d apples cost $%f", &i, &f))
	fmt.Println(i, f)
	fmt.Println(fmt.Sscanf("ff 077 0b101 1_000", "%x %o %v %v", &i, &u, new(int), new(int)))
	fmt.Println(i, u)
	fmt.Println(fmt.Sscanf("abcdef", "%3s%c%s", &s, &r, &by))
	fmt.Println(s, string(r), string(by))
	var q string
	fmt.Println(fmt.Sscanf(`"quo\tted" 'x'`, "%q %q", &q, &r))
	fmt.Printf("%q %q\n", q, r)
	fmt.Println(fmt.Sscanf("12345", "%2d%3d", &i, &u))
	fmt.Println(i, u)
	var p pair
	fmt.Println(fmt.Sscan("3:4", &p))
	fmt.Println(p)
	fmt.Println(fmt.Sscanf("  9:8", "%7v", &p))
	fmt.Println(p)
	for _, bad := range []string{"", "x", "99999999999999999999", "1.5"} {
		n, err := fmt.Sscan(bad, &i)
		fmt.Println(n, err)
	}
	var i8 int8
	fmt.Println(fmt.Sscan("300", &i8))
	fmt.Println(fmt.Sscanf("5 x", "%d y", &i))
	fmt.Println(fmt.Sscanf("5", "%d %d", &i, &u))
	fmt.Println(fmt.Sscanf("5 6 7", "%d", &i))
	fmt.Println(fmt.Sscan("1", i))
	fmt.Println(fmt.Sscanln("1\n2", &i, &u))
	fmt.Println(fmt.Sscan("1\n2", &i, &u))
	var h [3]string
	sr := strings.NewReader("a b\nc d")
	for {
		n, err := fmt.Fscan(sr, &h[0])
		fmt.Println(n, err, h[0])
		if err != nil {
			break
		}
	}
	type name string
	var nm name
	var pf *float64 = new(float64)
	fmt.Println(fmt.Sscan("named 1e3", &nm, pf))
	fmt.Println(nm, *pf)
	fmt.Println(fmt.Sscanf("50%", "%d%%", &i))
	fmt.Println(fmt.Sscanf("true", "%t", &b))
	fmt.Println(b)
}
