// reflect: values: reading, setting, converting, comparing, and every panic's text.
package main

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

type S struct {
	A int
	b string
	C *S
	D []int
	E map[string]int
	F any
}
type MyStr string

func (m MyStr) Up() string { return strings.ToUpper(string(m)) }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("%s: %T %v\n", name, r, r)
		}
	}()
	f()
}

func main() {
	s := S{A: 1, b: "x", D: []int{1, 2, 3}, E: map[string]int{"k": 1}, F: 2.5}
	v := reflect.ValueOf(&s).Elem()
	v.Field(0).SetInt(42)
	v.FieldByName("C").Set(reflect.ValueOf(&S{A: 7}))
	v.FieldByName("D").Index(1).SetInt(99)
	v.FieldByName("D").Set(reflect.Append(v.FieldByName("D"), reflect.ValueOf(4)))
	v.FieldByName("D").Set(reflect.AppendSlice(v.FieldByName("D"), reflect.ValueOf([]int{5, 6})))
	v.FieldByName("E").SetMapIndex(reflect.ValueOf("n"), reflect.ValueOf(2))
	v.FieldByName("E").SetMapIndex(reflect.ValueOf("k"), reflect.Value{})
	v.FieldByName("F").Set(reflect.ValueOf("now a string"))
	fmt.Println(s.A, s.b, s.C.A, s.D, s.E, s.F)
	fmt.Println(v.Field(1), v.Field(1).CanSet(), v.Field(1).CanInterface(), v.Field(0).CanAddr(), v.FieldByName("F").Elem().Kind(), v.NumField())
	fmt.Println(v.FieldByIndex([]int{2, 0}), v.FieldByName("zzz").IsValid(), v.Field(2).IsNil(), v.Field(2).Elem().Field(2).IsNil())

	try("unexported", func() { v.Field(1).SetString("y") })
	try("interface", func() { v.Field(1).Interface() })
	try("unaddressable", func() { reflect.ValueOf(s).Field(0).SetInt(1) })
	try("kind", func() { v.Field(0).SetString("y") })
	try("len", func() { v.Field(0).Len() })
	try("elem", func() { v.Field(0).Elem() })
	try("index", func() { v.FieldByName("D").Index(100) })
	try("field", func() { v.Field(10) })
	try("set", func() { v.Field(0).Set(reflect.ValueOf("x")) })
	try("zero", func() { reflect.Value{}.Type() })
	try("zero2", func() { reflect.Value{}.Int() })
	try("nilmap", func() { reflect.ValueOf(map[string]int(nil)).SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(1)) })
	try("convert", func() { reflect.ValueOf("x").Convert(reflect.TypeFor[int]()) })
	try("array", func() { reflect.ValueOf([]int{1}).Convert(reflect.TypeFor[[2]int]()) })
	try("isnil", func() { reflect.ValueOf(1).IsNil() })
	try("makeslice", func() { reflect.MakeSlice(reflect.TypeFor[[]int](), -1, 0) })
	try("makeslice2", func() { reflect.MakeSlice(reflect.TypeFor[int](), 1, 1) })
	try("fieldbyindex", func() { reflect.ValueOf(S{}).FieldByIndex([]int{2, 0}) })
	try("slice3", func() { reflect.ValueOf([]int{1, 2}).Slice3(0, 2, 1) })
	try("call", func() { reflect.ValueOf(1).Call(nil) })
	try("overflow", func() { reflect.ValueOf("").OverflowInt(1) })
	try("setcap", func() { v.FieldByName("D").SetCap(1000) })
	try("typ", func() { reflect.TypeFor[int]().Elem() })
	try("key", func() { reflect.TypeFor[[]int]().Key() })
	try("typfield", func() { reflect.TypeFor[S]().Field(99) })

	conv := []struct {
		v any
		t reflect.Type
	}{
		{1, reflect.TypeFor[float64]()}, {3.9, reflect.TypeFor[int]()}, {65, reflect.TypeFor[string]()}, {"héy", reflect.TypeFor[[]rune]()}, {"héy", reflect.TypeFor[[]byte]()},
		{[]byte("ab"), reflect.TypeFor[MyStr]()}, {MyStr("x"), reflect.TypeFor[fmt.Stringer]()}, {MyStr("q"), reflect.TypeFor[interface{ Up() string }]()}, {300, reflect.TypeFor[uint8]()},
		{1i, reflect.TypeFor[complex64]()}, {[]int{1, 2, 3}, reflect.TypeFor[[2]int]()}, {[]int{1, 2}, reflect.TypeFor[*[2]int]()}, {int64(math.MinInt64), reflect.TypeFor[float32]()},
		{make(chan int), reflect.TypeFor[<-chan int]()}, {struct{ A int }{5}, reflect.TypeFor[struct {
			A int `tag:"x"`
		}]()},
	}
	for _, c := range conv {
		rv := reflect.ValueOf(c.v)
		if !rv.CanConvert(c.t) {
			fmt.Println("cannot", rv.Type(), c.t)
			continue
		}
		r := rv.Convert(c.t)
		if r.Kind() == reflect.Chan {
			fmt.Println(r.Type())
			continue
		}
		fmt.Printf("%v -> %v: %v\n", rv.Type(), r.Type(), reflect.Indirect(r))
	}
	for _, p := range [][2]any{
		{[]int{1}, []int{1}}, {[]int(nil), []int{}}, {map[int][]string{1: {"a"}}, map[int][]string{1: {"a"}}}, {s, s}, {&s, &S{}}, {math.NaN(), math.NaN()},
		{[]any{1, "a", nil}, []any{1, "a", nil}}, {error(nil), nil}, {1, int64(1)}, {func() {}, func() {}}, {(func())(nil), (func())(nil)},
	} {
		fmt.Print(reflect.DeepEqual(p[0], p[1]), " ")
	}
	fmt.Println()
	cyc1, cyc2 := &S{A: 1}, &S{A: 1}
	cyc1.C, cyc2.C = cyc1, cyc2
	fmt.Println(reflect.DeepEqual(cyc1, cyc2))

	var iface any = &s
	for _, x := range []any{0, 1, "", "a", []int(nil), []int{}, S{}, s, [2]int{}, struct{ a, b any }{}, -0.0, math.Copysign(0, -1), iface} {
		fmt.Print(reflect.ValueOf(x).IsZero(), " ")
	}
	fmt.Println()
	v.Field(3).SetLen(2)
	v.Field(3).SetZero()
	fmt.Println(s.D == nil, reflect.Zero(reflect.TypeFor[S]()).Field(0), reflect.New(reflect.TypeFor[[3]string]()).Elem())
	mv := reflect.ValueOf(map[string]int{"a": 1, "b": 2, "c": 3})
	sum, keys := int64(0), 0
	for it := mv.MapRange(); it.Next(); {
		sum += it.Value().Int()
		keys += len(it.Key().String())
	}
	fmt.Println(sum, keys, mv.MapIndex(reflect.ValueOf("b")), mv.MapIndex(reflect.ValueOf("zz")).IsValid(), len(mv.MapKeys()))
	for i := range reflect.ValueOf([3]int{}).Seq() {
		fmt.Print(i, " ")
	}
	for k, x := range reflect.ValueOf([]string{"p", "q"}).Seq2() {
		fmt.Print(k, x, " ")
	}
	for x := range reflect.ValueOf(3).Seq() {
		fmt.Print(x.Type(), x)
	}
	fmt.Println()
	sw := reflect.Swapper([]string{"a"})
	sw(0, 0)
	sl := []string{"a", "b", "c"}
	reflect.Swapper(sl)(0, 2)
	arr := reflect.ValueOf(&[4]int{1, 2, 3, 4}).Elem()
	fmt.Println(sl, arr.Slice(1, 3), arr.Slice3(0, 1, 2).Cap(), reflect.Copy(arr.Slice(0, 2), arr.Slice(2, 4)), arr)
	fmt.Println(reflect.ValueOf("abc").Index(1), reflect.ValueOf("abc").Slice(1, 2), reflect.ValueOf(uint8(3)).CanInt(), reflect.ValueOf(2.5).CanFloat())
	fmt.Println(reflect.ValueOf(&s).Pointer() == reflect.ValueOf(&s).Pointer(), reflect.ValueOf(s.D).UnsafePointer() == nil, reflect.ValueOf(1).Comparable(), reflect.ValueOf([]int{}).Comparable(), reflect.ValueOf(1).Equal(reflect.ValueOf(1)))
	fmt.Println(reflect.ValueOf(nil), reflect.ValueOf(3).String(), reflect.ValueOf(s.E).String(), reflect.Value{}.Kind(), reflect.Value{}.String())
	bs := reflect.ValueOf(&[]byte{1, 2}).Elem()
	bs.SetBytes([]byte{9})
	fmt.Println(bs.Bytes(), reflect.ValueOf(uint(7)).Uint(), reflect.ValueOf(1i).Complex())
	bs.Grow(10)
	fmt.Println(bs.Len(), bs.Cap() >= 11)
	mv2 := reflect.ValueOf(map[int]int{1: 1})
	mv2.Clear()
	fmt.Println(mv2.Len())
	ti, ok := reflect.TypeAssert[int](reflect.ValueOf(5))
	fmt.Println(ti, ok)
}
