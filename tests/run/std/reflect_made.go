// Types and functions made by reflect: StructOf, MapOf, FuncOf, ArrayOf, ChanOf, MakeFunc, Select.
package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

type inner struct{ A, B int }

type plain struct{ A, B int }

func (i inner) Sum() int { return i.A + i.B }
func (i *inner) Double() { i.A *= 2; i.B *= 2 }
func try(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what, "panics:", r)
		}
	}()
	f()
}

func structs() {
	t := reflect.StructOf([]reflect.StructField{
		{Name: "Name", Type: reflect.TypeFor[string](), Tag: `json:"name"`},
		{Name: "Count", Type: reflect.TypeFor[uint8](), Tag: `json:"count,omitempty"`},
		{Name: "Plain", Type: reflect.TypeFor[plain](), Anonymous: true},
		{Name: "List", Type: reflect.SliceOf(reflect.TypeFor[float64]())},
	})
	fmt.Println(t, t.Size(), t.NumField(), t.Comparable())
	for f := range t.Fields() {
		fmt.Println(f.Name, f.Type, f.Offset, f.Index, f.Anonymous, f.Tag)
	}
	v := reflect.New(t).Elem()
	v.Field(0).SetString("made")
	v.Field(1).SetUint(200)
	v.FieldByName("A").SetInt(3)
	v.Field(3).Set(reflect.ValueOf([]float64{1, 2.5}))
	out, err := json.Marshal(v.Interface())
	fmt.Println(string(out), err)
	w := reflect.New(t)
	fmt.Println(json.Unmarshal([]byte(`{"name":"x","count":7,"A":1,"B":2,"List":[9]}`), w.Interface()))
	fmt.Printf("%+v %v\n", w.Elem(), w.Elem().FieldByName("B"))
	same := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeFor[int]()}})
	fmt.Println(same == reflect.TypeFor[struct{ X int }](), same.String())
	try("unexported", func() { reflect.StructOf([]reflect.StructField{{Name: "x", Type: same}}) })
	try("twice", func() {
		reflect.StructOf([]reflect.StructField{{Name: "X", Type: same}, {Name: "X", Type: same}})
	})
	try("no name", func() { reflect.StructOf([]reflect.StructField{{Type: same}}) })
	a, b := reflect.New(same).Elem(), reflect.New(same).Elem()
	fmt.Println(a.Interface() == b.Interface(), a.Interface() == any(struct{ X int }{}))
}

func maps() {
	t := reflect.MapOf(reflect.TypeFor[[2]string](), reflect.TypeFor[chan int]())
	m := reflect.MakeMapWithSize(t, 3)
	m.SetMapIndex(reflect.ValueOf([2]string{"a", "b"}), reflect.ValueOf(make(chan int, 4)))
	fmt.Println(t, m.Len(), m.MapIndex(reflect.ValueOf([2]string{"a", "b"})).Cap(), m.MapIndex(reflect.ValueOf([2]string{})).IsValid())
	try("func key", func() { reflect.MapOf(reflect.TypeFor[func()](), t) })
	s := reflect.MapOf(reflect.StructOf([]reflect.StructField{{Name: "K", Type: reflect.TypeFor[any]()}}), reflect.TypeFor[int]())
	k := reflect.New(s.Key()).Elem()
	mm := reflect.MakeMap(s)
	for i := range 20 {
		k.Field(0).Set(reflect.ValueOf(i))
		mm.SetMapIndex(k, reflect.ValueOf(i*i))
	}
	k.Field(0).Set(reflect.ValueOf(7))
	fmt.Println(mm.Len(), mm.MapIndex(k))
	k.Field(0).Set(reflect.ValueOf([]int{1}))
	try("slice in key", func() { mm.SetMapIndex(k, reflect.ValueOf(1)) })
	sum := 0
	for it := mm.MapRange(); it.Next(); {
		sum += int(it.Value().Int())
	}
	mm.Clear()
	fmt.Println(sum, mm.Len())
}

func functions() {
	t := reflect.FuncOf([]reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[[]int]()}, []reflect.Type{reflect.TypeFor[int](), reflect.TypeFor[error]()}, true)
	fmt.Println(t, t.IsVariadic(), t.NumIn(), t.NumOut())
	f := reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
		sum := len(in[0].String())
		for i := range in[1].Len() {
			sum += int(in[1].Index(i).Int())
		}
		return []reflect.Value{reflect.ValueOf(sum), reflect.Zero(reflect.TypeFor[error]())}
	})
	g := f.Interface().(func(string, ...int) (int, error))
	fmt.Println(g("abc", 1, 2, 3))
	fmt.Println(g(""))
	fmt.Println(f.Call([]reflect.Value{reflect.ValueOf("x"), reflect.ValueOf(10), reflect.ValueOf(20)})[0])
	fmt.Println(f.CallSlice([]reflect.Value{reflect.ValueOf("x"), reflect.ValueOf([]int{5})})[0])

	type big struct {
		A [5]float64
		B string
		C inner
		D any
	}
	h := reflect.MakeFunc(reflect.TypeFor[func(big, float32, int8, complex64, inner, ...string) (big, bool, float32)](), func(in []reflect.Value) []reflect.Value {
		b := in[0].Interface().(big)
		b.B += in[5].Index(0).String()
		b.A[1] = in[1].Float() + real(in[3].Complex())
		b.C = in[4].Interface().(inner)
		b.D = in[2].Interface()
		return []reflect.Value{reflect.ValueOf(b), reflect.ValueOf(true), reflect.ValueOf(float32(0.25))}
	}).Interface().(func(big, float32, int8, complex64, inner, ...string) (big, bool, float32))
	fmt.Println(h(big{B: "b"}, 1.5, -8, 2+3i, inner{4, 5}, "tail", "x"))

	try("results", func() {
		reflect.MakeFunc(reflect.TypeFor[func() int](), func([]reflect.Value) []reflect.Value { return nil }).Call(nil)
	})
	try("wrong result", func() {
		reflect.MakeFunc(reflect.TypeFor[func() int](), func([]reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.ValueOf("s")}
		}).Interface().(func() int)()
	})
	try("panic inside", func() {
		reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { panic("mine") }).Interface().(func())()
	})
	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var ints func(int, int) (int, int)
	var strs func(string, string) (string, string)
	for _, p := range []any{&ints, &strs} {
		fn := reflect.ValueOf(p).Elem()
		fn.Set(reflect.MakeFunc(fn.Type(), swap))
	}
	fmt.Println(ints(1, 2))
	fmt.Println(strs("a", "b"))
}

func methods() {
	v := reflect.ValueOf(&inner{1, 2})
	v.MethodByName("Double").Call(nil)
	sum := v.MethodByName("Sum").Interface().(func() int)
	v.Elem().Field(0).SetInt(100)
	fmt.Println(sum(), v.MethodByName("Sum").Call(nil)[0], v.Type().NumMethod(), v.Elem().Type().NumMethod())
	m, _ := v.Type().MethodByName("Sum")
	fmt.Println(m.Name, m.Type, m.Func.Call([]reflect.Value{v})[0])
	emb := reflect.StructOf([]reflect.StructField{{Name: "Builder", Type: reflect.TypeFor[*strings.Builder](), Anonymous: true}})
	fmt.Println(emb, emb.NumMethod() > 5)
	e := reflect.New(emb).Elem()
	e.Field(0).Set(reflect.ValueOf(new(strings.Builder)))
	fmt.Fprint(e.Field(0).Interface().(*strings.Builder), "through")
	fmt.Println(e.Field(0).MethodByName("String").Call(nil)[0])
}

func chans() {
	t := reflect.ChanOf(reflect.BothDir, reflect.TypeFor[inner]())
	a, b := reflect.MakeChan(t, 1), reflect.MakeChan(t, 0)
	fmt.Println(t, a.TrySend(reflect.ValueOf(inner{1, 2})), a.TrySend(reflect.ValueOf(inner{})), a.Len())
	go func() { b.Send(reflect.ValueOf(inner{3, 4})) }()
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: a},
		{Dir: reflect.SelectRecv, Chan: b},
		{Dir: reflect.SelectRecv}, // never
		{Dir: reflect.SelectSend},
	}
	sum := 0
	for range 2 {
		i, v, ok := reflect.Select(cases)
		sum += int(v.Field(0).Int())
		fmt.Println(ok, i < 2)
	}
	b.Close()
	i, v, ok := reflect.Select(cases)
	fmt.Println(sum, i, v, ok)
	i, _, _ = reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: a}, {Dir: reflect.SelectDefault}})
	fmt.Println(i)
	try("send on closed", func() {
		reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: b, Send: reflect.ValueOf(inner{})}})
	})
	try("two defaults", func() {
		reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectDefault}, {Dir: reflect.SelectDefault}})
	})
	try("direction", func() { reflect.ValueOf(make(<-chan int)).Send(reflect.ValueOf(1)) })
	x, ok := b.TryRecv()
	fmt.Println(x, ok)
}

func arrays() {
	t := reflect.ArrayOf(3, reflect.TypeFor[*inner]())
	v := reflect.New(t).Elem()
	v.Index(1).Set(reflect.ValueOf(&inner{7, 8}))
	fmt.Println(t, v.Len(), v.Index(1).Elem().Field(1), v.Index(0).IsNil(), reflect.ArrayOf(0, t).Size())
	fmt.Println(reflect.ArrayOf(2, reflect.TypeFor[int]()) == reflect.TypeFor[[2]int]())
	try("negative", func() { reflect.ArrayOf(-1, t) })
	x := reflect.New(reflect.ArrayOf(2, reflect.TypeFor[string]())).Elem()
	x.Index(0).SetString("q")
	y := [2]string{"q", ""}
	fmt.Println(x.Interface() == any(y), x.Slice(0, 1).Len())
	for i, e := range x.Seq2() {
		fmt.Print(i, "=", e, " ")
	}
	fmt.Println()
}

func main() {
	structs()
	maps()
	functions()
	methods()
	chans()
	arrays()
}
