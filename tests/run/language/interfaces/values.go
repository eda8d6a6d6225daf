// Interface values: nil ones and ones holding nil, copies of what they hold, comparison,
// conversion between interfaces, direct and indirect contents.
package main

import (
	"errors"
	"fmt"
	"io"
)

type shape interface{ area() float64 }
type named interface {
	shape
	fmt.Stringer
}
type square struct{ side float64 }

func (s square) area() float64  { return s.side * s.side }
func (s square) String() string { return fmt.Sprint("square ", s.side) }

type circle struct{ r float64 }

func (c *circle) area() float64 { return 3 * c.r * c.r }

type unit struct{}

func (unit) area() float64 { return 1 }

type single struct{ p *int }

func (s single) area() float64 { return float64(*s.p) }

type arr [1]*int

func (a arr) area() float64 { return float64(*a[0]) * 2 }

type fails struct{}

func (*fails) Error() string { return "fails" }

func mayFail(fail bool) error {
	var f *fails
	if fail {
		f = &fails{}
	}
	return f
}

func main() {
	var s shape
	fmt.Println(s == nil)
	sq := square{2}
	s = sq
	sq.side = 10
	fmt.Println(s.area(), s == square{2}, s == shape(sq), s != nil)
	c := &circle{1}
	s = c
	c.r = 2
	fmt.Println(s.area(), s == shape(c), s == shape(&circle{2}))
	s = (*circle)(nil)
	fmt.Println(s == nil, s == (*circle)(nil))
	fmt.Println(mayFail(false) == nil, mayFail(true) != nil, errors.Is(mayFail(false), nil))
	n := 7
	for _, s := range []shape{unit{}, single{&n}, arr{&n}, struct{ shape }{unit{}}, &unit{}} {
		fmt.Printf("%T %v; ", s, s.area())
	}
	fmt.Println(shape(unit{}) == shape(unit{}), shape(single{&n}) == shape(single{&n}), shape(single{new(int)}) == shape(single{new(int)}))
	var nm named = square{3}
	s = nm
	back, ok := s.(named)
	_, no := shape(c).(named)
	fmt.Println(back, ok, no)
	var e any = s
	fmt.Println(e == any(square{3}), e.(shape).area(), e.(fmt.Stringer))
	for _, pair := range [][2]any{{1, 1}, {1, int8(1)}, {"a", "a"}, {nil, nil}, {nil, 0}, {1.5, 1.5}, {square{1}, square{1}}, {[2]int{1}, [2]int{1}}, {&n, &n}, {true, true}, {'a', 97}, {int32(97), 'a'}, {uint8(1), byte(1)}, {struct{}{}, struct{}{}}} {
		fmt.Print(pair[0] == pair[1], " ")
	}
	fmt.Println()
	var r io.Reader
	_, isWriter := r.(io.Writer)
	var a any = r
	fmt.Println(isWriter, a == nil)
	x := any(5)
	y := x
	x = x.(int) + 1
	fmt.Println(x, y)
	list := []any{1}
	list = append(list, list)
	fmt.Println(len(list[1].([]any)))
	fmt.Println(1 == any(1), any("x") != "x", any(square{1}) == square{1})
	small := []any{int8(-1), uint8(200), true, 'x', int16(300), uint64(1 << 40), 0.5, "", "s"}
	for _, v := range small {
		fmt.Printf("%T:%v ", v, v)
	}
	fmt.Println()
}
