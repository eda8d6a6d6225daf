// Comparing structs, arrays and interfaces: NaN, negative zero, padding, uncomparable dynamic
// types, order of comparison, maps with such keys.
package main

import (
	"errors"
	"fmt"
	"math"
	"unsafe"
)

type mixed struct {
	a int8
	b int64
	_ int32
	f float64
	s string
	i any
}

type deep struct {
	m [2]mixed
	p *int
	e error
}

type onlyBlank struct {
	_ []int8
	x int
}

type fn struct {
	n int
	f func()
}

func try(what string, f func() bool) {
	defer func() {
		if r := recover(); r != nil {
			err, ok := r.(error)
			fmt.Println(what, "panics:", r, ok)
			_ = err
		}
	}()
	fmt.Println(what, f())
}

//go:noinline
func eq[T comparable](a, b T) bool { return a == b }

func main() {
	nan := math.NaN()
	zero, minus := 0.0, math.Copysign(0, -1)
	a := mixed{a: 1, b: 2, f: 3, s: "s", i: 4}
	b := a
	*(*int32)(unsafe.Add(unsafe.Pointer(&b), 16)) = 77 // the blank field
	*(*byte)(unsafe.Add(unsafe.Pointer(&b), 3)) = 9    // padding
	try("blank and padding", func() bool { return a == b })
	try("generic", func() bool { return eq(a, b) })
	try("boxed", func() bool { return any(a) == any(b) })
	b = a
	b.f = nan
	c := b
	try("NaN", func() bool { return b == c })
	try("NaN boxed", func() bool { return any(b) == any(c) })
	try("NaN same pointer", func() bool { return any(&b) == any(&b) })
	b.f, c.f = zero, minus
	try("zeroes", func() bool { return b == c && any(b) == any(c) && eq(b, c) })
	try("NaN arrays", func() bool { return [2]float64{1, nan} == [2]float64{1, nan} })
	try("complex", func() bool { return complex(zero, 1) == complex(minus, 1) && complex(1, nan) != complex(1, nan) })

	d := deep{m: [2]mixed{a, a}, e: errors.New("x")}
	e := d
	try("deep", func() bool { return d == e })
	e.e = errors.New("x")
	try("other error", func() bool { return d == e })
	e = d
	d.m[1].i, e.m[1].i = []int{1}, []int{1}
	try("slice inside", func() bool { return d == e })
	e.p = new(int)
	try("slice inside, pointers differ", func() bool { return d == e })
	e.p, e.m[0].a = nil, 5
	try("slice inside, first differs", func() bool { return d == e })
	e = d
	e.m[1].i = map[int]int{}
	try("different uncomparable types", func() bool { return d == e })
	e.m[1].i = 5
	try("one comparable", func() bool { return d == e })

	x, y := onlyBlank{x: 1}, onlyBlank{x: 1}
	_, _ = x, y
	var i, j any = fn{1, nil}, fn{2, nil}
	try("func field", func() bool { return i == j })
	i, j = [1]func(){}, [1]func(){}
	try("func array", func() bool { return i == j })
	i, j = [0]func(){}, [0]func(){}
	try("empty func array", func() bool { return i == j })
	i, j = []int(nil), []int(nil)
	try("nil slices", func() bool { return i == j })
	try("with nil", func() bool { return i == nil })
	try("int and slice", func() bool { return i == any(3) })
	try("pointer to struct with func", func() bool { return any(&fn{}) == any(&fn{}) })
	try("struct{}", func() bool { return any(struct{}{}) == any(struct{}{}) })
	try("types differ", func() bool { return any(int32(1)) == any(rune(1)) && any(1) != any(int64(1)) })
	type myInt int
	try("named", func() bool { return any(myInt(1)) == any(1) })
	var e1, e2 error = custom{[]int{1}}, custom{[]int{1}}
	try("errors", func() bool { return e1 == e2 })
	try("errors.Is", func() bool { return errors.Is(e1, e2) })
	var w fmt.Stringer
	try("nil interfaces", func() bool { return w == nil && any(w) == nil && any((*custom)(nil)) != nil })
	try("mixed interfaces", func() bool { return any(e1) == e2 })

	m := map[any]string{nan: "one", nan: "two", zero: "zero", nil: "nil", a: "mixed"}
	m[minus] = "minus"
	_, ok := m[nan]
	fmt.Println(len(m), m[0.0], m[nil], m[a], ok, m[a.i])
	try("key", func() bool { return m[[]int{}] == "" })
	try("key in array", func() bool { m[[1]any{func() {}}] = ""; return true })
	try("delete", func() bool { delete(m, any(map[int]int{})); return true })
	var none map[any]int
	try("nil map", func() bool { return none[func() {}] == 0 })
	try("empty map", func() bool { return map[any]int{}[func() {}] == 0 })
	ks := map[[2]any]int{{1, "a"}: 1, {nan, 2}: 2, {nil, nil}: 3}
	fmt.Println(ks[[2]any{1, "a"}], ks[[2]any{nan, 2}], ks[[2]any{}])
	clear(m)
	fmt.Println(len(m))
	fm := map[float64]int{nan: 1, nan: 2, minus: 3}
	fm[0]++
	for k := range fm {
		delete(fm, k)
	}
	fmt.Println(len(fm))
	switch any(nan) {
	case nan:
		fmt.Println("NaN matches")
	default:
		fmt.Println("NaN does not match")
	}
	try("switch on uncomparable", func() bool {
		switch i {
		case j:
			return true
		}
		return false
	})
	try("array of interfaces", func() bool { return [2]any{1, []int{}} == [2]any{2, []int{}} })
	try("array of interfaces 2", func() bool { return [2]any{[]int{}, 1} == [2]any{[]int{}, 2} })
}

type custom struct{ list []int }

func (c custom) Error() string { return fmt.Sprint(c.list) }
