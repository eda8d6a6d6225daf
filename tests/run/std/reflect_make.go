// reflect: types made at run time: StructOf, SliceOf, ArrayOf, MapOf, FuncOf, ChanOf, PointerTo; Select.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
)

type Stringy struct{ v int }

func (s Stringy) String() string { return fmt.Sprint("stringy", s.v) }

func try(f func()) {
	defer func() { fmt.Println("panic:", recover()) }()
	f()
}

func main() {
	st := reflect.StructOf([]reflect.StructField{
		{Name: "Name", Type: reflect.TypeFor[string](), Tag: `json:"name"`},
		{Name: "Age", Type: reflect.TypeFor[int8]()},
		{Name: "Tags", Type: reflect.SliceOf(reflect.TypeFor[string]())},
		{Name: "Deep", Type: reflect.MapOf(reflect.TypeFor[string](), reflect.ArrayOf(2, reflect.TypeFor[any]()))},
	})
	fmt.Println(st, st.Size(), st.Kind(), st.Comparable())
	v := reflect.New(st)
	fmt.Println(json.Unmarshal([]byte(`{"name":"Ann","Age":30,"Tags":["x"],"Deep":{"k":[1,"two"]}}`), v.Interface()))
	fmt.Printf("%+v\n", v.Elem())
	out, err := json.Marshal(v.Interface())
	fmt.Println(string(out), err)
	fmt.Println(st == reflect.TypeFor[struct {
		Name string `json:"name"`
		Age  int8
		Tags []string
		Deep map[string][2]any
	}]())
	emb := reflect.StructOf([]reflect.StructField{{Name: "Stringy", Type: reflect.TypeFor[Stringy](), Anonymous: true}})
	ev := reflect.New(emb).Elem()
	ev.Field(0).Set(reflect.ValueOf(Stringy{5}))
	fmt.Println(emb, emb.NumMethod(), emb.Implements(reflect.TypeFor[fmt.Stringer]()))

	fmt.Println(reflect.SliceOf(reflect.TypeFor[Stringy]()) == reflect.TypeFor[[]Stringy](), reflect.PointerTo(st), reflect.PointerTo(reflect.TypeFor[Stringy]()).NumMethod())
	for n := range 4 {
		a := reflect.ArrayOf(n*7, reflect.TypeFor[*int]())
		x := reflect.New(a).Elem()
		for i := range x.Len() {
			x.Index(i).Set(reflect.ValueOf(&[]int{i}[0]))
		}
		runtime.GC()
		sum := int64(0)
		for i := range x.Len() {
			sum += x.Index(i).Elem().Int()
		}
		fmt.Println(a, a.Size(), sum)
	}
	mt := reflect.MapOf(reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeFor[int]()}, {Name: "Y", Type: reflect.TypeFor[string]()}}), reflect.TypeFor[[]byte]())
	m := reflect.MakeMapWithSize(mt, 10)
	for i := range 100 {
		k := reflect.New(mt.Key()).Elem()
		k.Field(0).SetInt(int64(i % 50))
		k.Field(1).SetString(strings.Repeat("k", i%50))
		m.SetMapIndex(k, reflect.ValueOf([]byte{byte(i)}))
		if i%10 == 0 {
			runtime.GC()
		}
	}
	k := reflect.New(mt.Key()).Elem()
	k.Field(0).SetInt(7)
	k.Field(1).SetString("kkkkkkk")
	fmt.Println(mt, m.Len(), m.MapIndex(k))
	ft := reflect.FuncOf([]reflect.Type{reflect.TypeFor[int](), st, reflect.TypeFor[[]any]()}, []reflect.Type{reflect.TypeFor[error](), st}, true)
	fmt.Println(ft, ft.IsVariadic(), ft.NumIn())
	fv := reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value {
		s := reflect.New(st).Elem()
		s.Set(in[1])
		s.Field(1).SetInt(in[0].Int() + int64(in[2].Len()))
		return []reflect.Value{reflect.Zero(reflect.TypeFor[error]()), s}
	})
	rs := fv.Call([]reflect.Value{reflect.ValueOf(5), v.Elem(), reflect.ValueOf("a"), reflect.ValueOf(2)})
	fmt.Println(rs[0].IsNil(), rs[1])

	ct := reflect.ChanOf(reflect.BothDir, st)
	ch := reflect.MakeChan(ct, 2)
	ch.Send(v.Elem())
	fmt.Println(ct, ch.Len(), ch.Cap(), ch.TrySend(v.Elem()), ch.TrySend(v.Elem()))
	x, ok := ch.Recv()
	fmt.Println(x.Field(0), ok)
	ch.Close()
	ch.Recv()
	x, ok = ch.Recv()
	fmt.Println(x.Field(0).Len(), ok)
	fmt.Println(reflect.ChanOf(reflect.RecvDir, reflect.ChanOf(reflect.SendDir, reflect.TypeFor[int]())), reflect.ChanOf(reflect.BothDir, reflect.TypeFor[<-chan int]()))
	try(func() { ch.Send(v.Elem()) })
	try(func() { ch.Close() })
	try(func() { reflect.ValueOf(make(<-chan int)).Send(reflect.ValueOf(1)) })

	// Select over many channels.
	var cases []reflect.SelectCase
	chans := make([]chan int, 30)
	for i := range chans {
		chans[i] = make(chan int)
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(chans[i])})
		go func() {
			for j := range 3 {
				chans[i] <- i*10 + j
			}
			close(chans[i])
		}()
	}
	sum, open := int64(0), len(chans)
	for open > 0 {
		i, v, ok := reflect.Select(cases)
		if !ok {
			cases[i].Chan = reflect.Value{}
			open--
			continue
		}
		sum += v.Int()
	}
	fmt.Println("sum", sum)
	buf := make(chan string, 1)
	i, _, _ := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(buf), Send: reflect.ValueOf("sent")}})
	fmt.Println(i, <-buf)
	i, v2, ok := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(buf)}, {Dir: reflect.SelectDefault}})
	fmt.Println(i, v2.IsValid(), ok)
	try(func() {
		reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectDefault}, {Dir: reflect.SelectDefault}})
	})
	close(buf)
	try(func() {
		reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(buf), Send: reflect.ValueOf("x")}})
	})

	try(func() { reflect.StructOf([]reflect.StructField{{Name: "a b", Type: reflect.TypeFor[int]()}}) })
	try(func() { reflect.StructOf([]reflect.StructField{{Name: "A"}}) })
	try(func() {
		reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeFor[int]()}, {Name: "A", Type: reflect.TypeFor[int]()}})
	})
	try(func() { reflect.StructOf([]reflect.StructField{{Name: "a", Type: reflect.TypeFor[int]()}}) })
	try(func() { reflect.MapOf(reflect.TypeFor[[]int](), reflect.TypeFor[int]()) })
	try(func() { reflect.ArrayOf(-1, reflect.TypeFor[int]()) })
	try(func() { reflect.FuncOf([]reflect.Type{reflect.TypeFor[int]()}, nil, true) })
	// An interface inside a made struct.
	it := reflect.StructOf([]reflect.StructField{{Name: "R", Type: reflect.TypeFor[io.Reader]()}, {Name: "N", Type: reflect.TypeFor[any]()}})
	a, b := reflect.New(it).Elem(), reflect.New(it).Elem()
	a.Field(0).Set(reflect.ValueOf(strings.NewReader("x")))
	b.Field(1).Set(reflect.ValueOf(3))
	fmt.Println(a.Interface() == b.Interface(), b.Interface() == b.Interface(), a.Comparable())
}
