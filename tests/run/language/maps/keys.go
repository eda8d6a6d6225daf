// Maps with keys of every kind: structs, arrays, interfaces, pointers, channels, floats.
package main

import (
	"errors"
	"fmt"
	"math"
)

type point struct{ x, y int }
type name struct {
	first, last string
	age         uint8
}
type shape interface{ area() int }

func (p point) area() int { return p.x * p.y }

type square int

func (s square) area() int { return int(s * s) }

type blank struct {
	a int8
	_ int32
	b string
}

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

func main() {
	points := map[point]string{{1, 2}: "a", {2, 1}: "b"}
	points[point{1, 2}] += "+"
	fmt.Println(points[point{1, 2}], points[point{2, 1}], len(points[point{}]))
	names := map[name]int{{"a", "b", 1}: 1, {"ab", "", 1}: 2, {last: "ab", age: 1}: 3, {"a", "b", 2}: 4}
	fmt.Println(len(names), names[name{"a", "b", 1}], names[name{"ab", "", 1}], names[name{"", "ab", 1}])
	shapes := map[shape]string{point{2, 3}: "rectangle", square(3): "square", nil: "nothing"}
	var s shape = square(3)
	fmt.Println(shapes[s], shapes[point{2, 3}], shapes[nil], shapes[square(4)] == "")
	anys := map[any]int{1: 1, int8(1): 2, "1": 3, 1.0: 4, 1i: 5, true: 6, nil: 7, [1]int{1}: 8, point{1, 1}: 9, square(1): 10, 'a': 11, struct{}{}: 12}
	sum := 0
	for k, v := range anys {
		if anys[k] != v {
			fmt.Println("lost", k)
		}
		sum += v
	}
	fmt.Println(len(anys), sum, anys[int64(1)], anys[struct{}{}], anys[[1]int{1}], anys[uint8(1)])
	try(func() { anys[[]int{1}] = 1 })
	try(func() { fmt.Println(anys[map[string]int{}]) })
	try(func() { delete(anys, any(func() {})) })
	try(func() { anys[struct{ a any }{[]string{}}]++ })
	try(func() { fmt.Println(anys[[2]any{1, []byte("x")}]) })
	try(func() { _, ok := map[any]int{}[[]int{}]; fmt.Println(ok) })
	try(func() { var m map[any]int; fmt.Println(m[[]int{}]) })
	p, q := new(int), new(int)
	pointers := map[*int]string{p: "p", q: "q", nil: "nil"}
	*p = 5
	fmt.Println(pointers[p], pointers[q], pointers[nil], len(pointers[new(int)]))
	c, d := make(chan int), make(chan int, 1)
	channels := map[<-chan int]int{c: 1, d: 2}
	fmt.Println(channels[c], channels[d], channels[nil])
	floats := map[float64]int{0: 1, math.Inf(1): 2, math.NaN(): 3, math.NaN(): 4}
	floats[math.Copysign(0, -1)]++
	fmt.Println(len(floats), floats[0], floats[math.Inf(1)], floats[math.NaN()])
	bools := map[bool]int{1 > 0: 5}
	bools[!true]--
	fmt.Println(bools)
	blanks := map[blank]int{{a: 1, b: "x"}: 1}
	blanks[blank{a: 1, b: "x"}]++
	fmt.Println(len(blanks), blanks[blank{1, 0, "x"}])
	err := errors.New("e")
	fmt.Println(map[error]int{err: 1, errors.New("e"): 2}[err], map[[2]error]int{{err, nil}: 3}[[2]error{err}])
	zero := map[struct{}]int{}
	zero[struct{}{}]++
	zero[struct{}{}]++
	fmt.Println(zero, map[[0]int]string{{}: "empty"}[[0]int{}])
	big := map[[20]int]int{{19: 1}: 1, {18: 1}: 2}
	fmt.Println(big[[20]int{19: 1}], big[[20]int{18: 1}], big[[20]int{}])
}
