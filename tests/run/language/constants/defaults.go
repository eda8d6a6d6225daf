// Untyped constants take their type from the context, or their default one.
package main

import (
	"errors"
	"fmt"
	"time"
)

type (
	text  string
	count int
	ratio float64
	truth bool
)

const (
	i = 1
	f = 2.0
	r = 'x'
	s = "str"
	b = true
	z = 1i
)

func types(vs ...any) {
	for _, v := range vs {
		fmt.Printf("%T(%v) ", v, v)
	}
	fmt.Println()
}

func kind[T any](v T) string { return fmt.Sprintf("%T", v) }

func main() {
	types(i, f, r, s, b, z)
	types(i+f, i+r, r+f, i*z, f+z, r+z, i == f, i/2, f/4, r-'a')
	var (
		t text  = s
		c count = i + f
		q ratio = i / 2.0
		u truth = b && 1 < 2
		d       = 2 * time.Second
		w byte  = 'a' + f
	)
	types(t, c, q, u, d, w, t+"!", c+i, q*i, u == true, d/f)
	types(1<<3, 1.0<<3, len(s), kind(i), kind(f), kind(r), kind(i+f))
	var e any = i
	_, isInt := e.(int)
	_, isFloat := e.(float64)
	fmt.Println(isInt, isFloat, e == 1, e == 1.0, e == any(1), any(r) == 'x', any('x') == any(int32(120)))
	m := map[any]int{1: 1, 1.0: 2, '\x01': 3, "1": 4, true: 5}
	fmt.Println(len(m), m[1], m[1.0], m['\x01'], m[uint(1)], m[1 == 1])
	ch := make(chan ratio, 1)
	ch <- 3
	fmt.Println(<-ch + 0.5)
	arr := [...]ratio{1, 'a', 2.5, 1 << 3}
	fmt.Println(arr, arr[f-1], arr[1.0])
	fn := func(x ratio, y ...count) (ratio, text) { return x + 1, "c" }
	types(fn(1))
	var shift uint = 2
	types(1<<shift, uint8(1)<<shift, float64(int(1)<<shift))
	var x8 int8 = 1
	types(x8<<1+'\x01', -x8, ^x8, x8*2.0)
	types(errors.New(s).Error() == s, min(1, 2.5), max('a', 1), min(i, c))
	if v, ok := any(nil).(error); !ok {
		types(v, ok)
	}
	const typed count = 10
	types(typed/3, typed%3, typed<<1, -typed, typed == 10.0)
}
