// fmt: every verb with every kind of operand, flags, widths and precisions.
package main

import (
	"errors"
	"fmt"
	"time"
)

type point struct {
	X, Y int
	name string
}
type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type celsiusError int

func (c celsiusError) Error() string { return "too hot" }

type golike struct{ a int }

func (g golike) GoString() string { return "golike!" }

type pstring struct{ n int }

func (p *pstring) String() string { return fmt.Sprint("ptr", p.n) }

type formatter struct{}

func (formatter) Format(s fmt.State, verb rune) {
	w, hasW := s.Width()
	p, hasP := s.Precision()
	fmt.Fprintf(s, "[%c %d %t %d %t", verb, w, hasW, p, hasP)
	for _, f := range "+-# 0" {
		if s.Flag(int(f)) {
			fmt.Fprintf(s, " %c", f)
		}
	}
	fmt.Fprint(s, "]", fmt.FormatString(s, verb))
}

type panicky struct{}

func (panicky) String() string { panic("no string") }

type nested struct {
	P *point
	M map[string]int
	S []any
	E error
	I fmt.Stringer
	F func()
	C chan int
	A [2]bool
}

func main() {
	values := []any{
		nil, true, 42, -7, uint8(200), uintptr(0xbeef), 3.25, float32(-0.1), 1e21, complex(1, -2),
		"héllo\x00\n", []byte("ab\xff"), 'x', rune(0x1F600), point{1, 2, "p"},
		[]int{1, 2}, []string{"a", "b c"}, [3]byte{1, 2, 3}, map[string]int{"z": 1, "a": 2},
		celsius(21.55), golike{1}, celsiusError(9), struct{}{}, []any{1, "x", nil},
		time.Duration(1500) * time.Millisecond, formatter{}, map[point]bool{{1, 2, ""}: true, {0, 9, ""}: false},
		[]error{nil, celsiusError(3)}, [][]int{{1}, nil}, nested{A: [2]bool{true, false}},
	}
	verbs := []string{"%v", "%+v", "%#v", "%T", "%d", "%5d|", "%-5d|", "%05d", "%x", "%X", "%#x", "%o", "%O", "%b", "%c", "%q", "%+q", "%#q", "%U", "%#U", "%e", "%g", "%G", "%8.3f|", "%+.2e", "%s", "%10s|", "%-10.2s|", "% x", "% #X", "%t", "%08b", "%+d", "% d", "%6.2f%%"}
	for i, v := range values {
		for _, f := range verbs {
			fmt.Printf("%d %s: %s\n", i, f, fmt.Sprintf(f, v))
		}
	}
	fmt.Printf("%v %s %d\n", panicky{}, panicky{}, panicky{})
	fmt.Printf("%v %+v %s %d\n", &point{3, 4, "q"}, &point{3, 4, "q"}, &pstring{5}, &[]int{1})
	fmt.Printf("%v %+v %s %q\n", errors.New("bad"), errors.New("bad"), errors.New("bad"), errors.New("bad"))
	var np *pstring
	var nc *celsius
	fmt.Printf("%v %s\n", nc, nc)
	func() {
		defer func() { fmt.Println("recovered:", recover() != nil) }()
		fmt.Printf("%v\n", np)
	}()
	fmt.Printf("%[2]d %[1]d %d %[5]d %[x]d %[2]*[1]d\n", 1, 6)
	fmt.Printf("%*d|%-*d|%.*f|%*s\n", 6, 1, 6, 2, 2, 3.14159, -8, "left")
	fmt.Printf("%d %s\n", 1)
	fmt.Printf("%d\n", 1, 2, "x")
	fmt.Printf("%!\n%z %-\n", 3)
	fmt.Printf("%.3x|%.0f|%.f|%#.3g|%#g|%+q|%x\n", "hello", 2.5, 3.5, 1.0, 2.0, "日本", -255)
	fmt.Printf("%6.3v|%-8v|%08v|%+08d|%x|%X\n", 3.14159, true, -12, 42, 3.5, []string{"hi", "yo"})
	fmt.Printf("%t %v %s\n", 1, struct{ a, b any }{1, nil}, []any{error(nil), 2})
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0, nil, 'x'), fmt.Sprintln("x", 1) == "x 1\n")
	fmt.Println(fmt.Append([]byte("pre"), 1, 2), string(fmt.Appendf(nil, "%03d", 7)), string(fmt.Appendln(nil, "q")))
	err := fmt.Errorf("outer: %w and %w", errors.New("one"), errors.New("two"))
	fmt.Println(err, errors.Unwrap(err))
	fmt.Printf("%v %v\n", fmt.Errorf("%w", nil), fmt.Errorf("x %d", 3))
	fmt.Printf("%#v %#v %#v %#v\n", []byte(nil), map[string]any(nil), (*int)(nil), struct {
		A any
		B []uint8
		C [2]string
	}{1.0, []byte{1}, [2]string{"x", "`"}})
	fmt.Printf("%#v %#v %#v %#v %#v %#v\n", 1.0, 1e6, 1e21, float32(0.1), uint8(3), 'a')
}
