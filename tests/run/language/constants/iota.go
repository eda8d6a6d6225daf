// iota: repetition, skipping, expressions, several on a line, types, shadowing, blocks.
package main

import "fmt"

type weekday int

const (
	sunday weekday = iota
	monday
	tuesday
	_
	thursday
	days = iota
)

func (d weekday) String() string { return [...]string{"Sun", "Mon", "Tue", "Wed", "Thu"}[d] }

const (
	_ = 1 << (10 * iota)
	kb
	mb
	gb
)

const (
	a, b = iota, -iota
	c, d
	_, _
	e, f
)

const (
	x0 = "s"
	x1
	x2 = iota
	x3
	x4 = 3.5
	x5
	x6 = iota * 1.5
	x7
)

const (
	bit0, mask0 = 1 << iota, 1<<iota - 1
	bit1, mask1
	_, _
	bit3, mask3
)

const single = iota

type color uint8

const (
	red color = iota + 1
	green
	blue
	last = blue
	next = iota
)

const (
	t0 = len([iota + 1]int{})
	t1
	t2
)

const (
	r0 = 'a' + iota
	r1
	r2
)

func main() {
	fmt.Println(sunday, monday, tuesday, thursday, days, weekday(3))
	fmt.Println(kb, mb, gb)
	fmt.Println(a, b, c, d, e, f)
	fmt.Println(x0, x1, x2, x3, x4, x5, x6, x7)
	fmt.Println(bit0, mask0, bit1, mask1, bit3, mask3, single)
	fmt.Println(red, green, blue, last, next)
	fmt.Printf("%T %T %T %T\n", last, next, r1, x6)
	fmt.Println(t0, t1, t2, string(rune(r2)), r0)
	const (
		p = iota
		q
	)
	{
		const iota = 7
		const (
			s = iota
			t
		)
		fmt.Println(p, q, s, t)
	}
	const (
		u = iota
		v = iota + len("two")
		w
	)
	fmt.Println(u, v, w)
}
