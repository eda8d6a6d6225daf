// Type switches: concrete types, interfaces, nil, several types, shadowed variable, order,
// types of every kind, generic ones, in loops with break and continue.
package main

import (
	"errors"
	"fmt"
	"io"
)

type named int
type stringer interface{ String() string }

func (n named) String() string { return fmt.Sprint("named ", int(n)) }

type box[T any] struct{ v T }

func describe(x any) string {
	switch v := x.(type) {
	case nil:
		return fmt.Sprint("nil ", v == nil)
	case int:
		return fmt.Sprint("int ", v+1)
	case int8, int16:
		return fmt.Sprintf("small %T %v", v, v)
	case string:
		return "string " + v
	case stringer:
		return "stringer " + v.String()
	case error:
		return "error " + v.Error()
	case []int:
		return fmt.Sprint("slice ", len(v))
	case map[string]int:
		return fmt.Sprint("map ", v["k"])
	case func(int) int:
		return fmt.Sprint("func ", v(2))
	case chan int, <-chan int:
		return fmt.Sprintf("channel %T", v)
	case *int:
		*v++
		return fmt.Sprint("pointer ", *v)
	case [2]bool:
		return fmt.Sprint("array ", v[1])
	case struct{ a int }:
		return fmt.Sprint("struct ", v.a)
	case box[int]:
		return fmt.Sprint("box of int ", v.v)
	case box[string], *box[string]:
		return fmt.Sprintf("%T", v)
	case interface{ Read([]byte) (int, error) }:
		return "reader"
	case complex128:
		return fmt.Sprint(real(v))
	default:
		return fmt.Sprintf("other %T", v)
	}
}

func count(xs ...any) (n int, s string) {
	for _, x := range xs {
		switch x := x.(type) {
		case int:
			if x < 0 {
				continue
			}
			if x == 0 {
				break
			}
			n += x
		case string:
			s += x
		}
		n += 100
	}
	return
}

func main() {
	n := 5
	for _, x := range []any{nil, 1, int8(2), int16(3), int32(4), "s", named(5), errors.New("e"), []int{1}, map[string]int{"k": 7},
		func(x int) int { return x * x }, make(chan int), (<-chan int)(nil), make(chan<- int), &n, [2]bool{true, true}, struct{ a int }{3},
		box[int]{4}, box[string]{"s"}, &box[string]{}, box[bool]{}, io.EOF, io.LimitReader(nil, 1), 2i, (*int)(nil) == nil, uint(3), [2]int{}} {
		fmt.Println(describe(x))
	}
	fmt.Println(count(1, -1, 0, "a", "b", 2.5))
	var e error
	switch e := e.(type) {
	case nil:
		fmt.Println("nil error", e)
	case stringer:
		fmt.Println("never")
	}
	switch y := any(n); z := y.(type) {
	case int, string:
		fmt.Printf("%T\n", z)
	}
	switch any(3).(type) {
	}
	var s stringer = named(1)
	switch s.(type) {
	case interface{ Missing() }:
		fmt.Println("never")
	case named:
		fmt.Println("named")
	}
	fmt.Println(n)
}
