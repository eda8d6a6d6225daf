// Calls through reflect: every way in which parameters and results travel.
package main

import (
	"fmt"
	"reflect"
)

type Big struct {
	A, B, C, D, E, F, G int
	S                   string
}
type P struct{ X, Y float64 }
type M struct{ n int }

func (m M) Add(a int, b float32, s string, xs ...int) (int, string) {
	return m.n + a + int(b) + len(xs), s + "!"
}
func (m *M) Set(n int)                      { m.n = n }
func (m M) BigM(b Big, p P) (Big, P, error) { b.A += m.n; p.X++; return b, p, nil }
func many(a, b, c, d, e, f, g, h int, x, y, z, w, q, r, s, t, u, v float64, str string, i8 int8, arr [2]int) (int, float64, string, [2]int) {
	return a + b + c + d + e + f + g + h + int(i8), x + y + z + w + q + r + s + t + u + v, str, [2]int{arr[1], arr[0]}
}

type Adder interface {
	Add(a int, b float32, s string, xs ...int) (int, string)
}

func main() {
	v := reflect.ValueOf(M{10})
	out := v.MethodByName("Add").Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf(float32(2.5)), reflect.ValueOf("s"), reflect.ValueOf(1), reflect.ValueOf(2)})
	fmt.Println(out[0], out[1])
	out = v.MethodByName("BigM").Call([]reflect.Value{reflect.ValueOf(Big{A: 1, G: 7, S: "big"}), reflect.ValueOf(P{1, 2})})
	fmt.Println(out[0], out[1], out[2])
	in := []reflect.Value{}
	for i := 0; i < 8; i++ {
		in = append(in, reflect.ValueOf(i))
	}
	for i := 0; i < 10; i++ {
		in = append(in, reflect.ValueOf(float64(i)+0.5))
	}
	in = append(in, reflect.ValueOf("str"), reflect.ValueOf(int8(-3)), reflect.ValueOf([2]int{1, 2}))
	out = reflect.ValueOf(many).Call(in)
	fmt.Println(out[0], out[1], out[2], out[3])
	swap := reflect.MakeFunc(reflect.TypeFor[func(int, string, float64, Big, any) (Big, string, float64, int)](), func(a []reflect.Value) []reflect.Value {
		return []reflect.Value{a[3], a[1], a[2], a[0]}
	}).Interface().(func(int, string, float64, Big, any) (Big, string, float64, int))
	fmt.Println(swap(1, "x", 2.5, Big{B: 3}, nil))
	f2 := reflect.MakeFunc(reflect.TypeOf(many), func(a []reflect.Value) []reflect.Value { return reflect.ValueOf(many).Call(a) }).Interface().(func(a, b, c, d, e, f, g, h int, x, y, z, w, q, r, s, t, u, v float64, str string, i8 int8, arr [2]int) (int, float64, string, [2]int))
	fmt.Println(f2(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "z", -1, [2]int{5, 6}))
	m := &M{1}
	reflect.ValueOf(m).Method(1 + 0).Call([]reflect.Value{reflect.ValueOf(Big{}), reflect.ValueOf(P{})})
	reflect.ValueOf(m).MethodByName("Set").Call([]reflect.Value{reflect.ValueOf(99)})
	fmt.Println(m.n)
	mv := reflect.ValueOf(M{5}).MethodByName("Add").Interface().(func(int, float32, string, ...int) (int, string))
	fmt.Println(mv(1, 2, "q", 3))
	var ad Adder = M{7}
	iv := reflect.ValueOf(&ad).Elem().MethodByName("Add").Interface().(func(int, float32, string, ...int) (int, string))
	fmt.Println(iv(1, 2, "q"))
	st := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"a"`}, {Name: "B", Type: reflect.TypeFor[*string]()}})
	sv := reflect.New(st).Elem()
	sv.Field(0).SetInt(3)
	fmt.Println(st, sv)
	mt := reflect.MapOf(reflect.TypeFor[string](), st)
	mm := reflect.MakeMap(mt)
	mm.SetMapIndex(reflect.ValueOf("k"), sv)
	fmt.Println(mm.Len(), mt)
	ft := reflect.FuncOf([]reflect.Type{reflect.TypeFor[int]()}, []reflect.Type{reflect.TypeFor[string]()}, false)
	fv := reflect.MakeFunc(ft, func(a []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprint(a[0].Int() * 2))}
	})
	fmt.Println(fv.Call([]reflect.Value{reflect.ValueOf(21)})[0], fv.Interface().(func(int) string)(4))
	ct := reflect.MakeChan(reflect.ChanOf(reflect.BothDir, reflect.TypeFor[int]()), 1)
	ct.Send(reflect.ValueOf(4))
	x, ok := ct.Recv()
	fmt.Println(x, ok)
	ci, _, _ := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectDefault}, {Dir: reflect.SelectRecv, Chan: ct}})
	fmt.Println(ci)
	s := reflect.MakeSlice(reflect.TypeFor[[]int](), 0, 0)
	for i := range 5 {
		s = reflect.Append(s, reflect.ValueOf(i))
	}
	fmt.Println(s, s.Len())
	fmt.Printf("%T %v %+v %#v\n", m, *m, Big{S: "a"}, P{1, 2})
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}))
}
