package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
)

type base struct{ name string }

func (b base) Name() string       { return b.name }
func (b *base) Rename(n string)   { b.name = n }
func (b base) Hello(x int) string { return fmt.Sprint(b.name, x) }

type mid struct {
	*base
	extra int
}

type top struct {
	mid
	io.Writer
}

type named interface {
	Name() string
	Rename(string)
}

type bytesSorter []byte

func (b bytesSorter) Len() int           { return len(b) }
func (b bytesSorter) Less(i, j int) bool { return b[i] < b[j] }
func (b bytesSorter) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type fn func(int) int

func (f fn) Twice(x int) int { return f(f(x)) }

type big struct{ a [10]int }

func (b big) Sum() (s int) {
	for _, x := range b.a {
		s += x
	}
	return
}
func (b *big) Set(i, v int) { b.a[i] = v }

type summer interface{ Sum() int }

type err struct{ code int }

func (e *err) Error() string { return fmt.Sprint("code ", e.code) }

func mayFail(fail bool) error {
	var e *err
	if fail {
		e = &err{7}
		return e
	}
	return nil
}

func main() {
	var sb strings.Builder
	t := top{mid{&base{"b"}, 1}, &sb}
	fmt.Fprintf(t, "to %s", t.Name())
	t.Rename("c")
	var n named = t
	n.Rename("d")
	fmt.Println(t.Name(), n.Name(), sb.String(), t.mid.base.name)
	f := t.Hello
	t.Rename("e")
	g := base.Hello
	h := (*base).Rename
	h(t.base, "f")
	fmt.Println(f(1), g(*t.base, 2), t.Name())
	bs := bytesSorter("hello")
	sort.Sort(sort.Reverse(bs))
	fmt.Println(string(bs), fn(func(x int) int { return x * 3 }).Twice(2))
	var b big
	b.Set(3, 5)
	b.Set(4, 6)
	var s summer = b
	b.Set(5, 100)
	p := &b
	fmt.Println(s.Sum(), p.Sum(), summer(p).Sum())
	_, isNamed := s.(named)
	_, isSummer := any(p).(summer)
	fmt.Println(isNamed, isSummer, mayFail(false) == nil, mayFail(true))
	var w io.Writer = &sb
	if sw, ok := w.(io.StringWriter); ok {
		sw.WriteString("!")
	}
	fmt.Println(sb.Len(), sb.String())
	defer func() { fmt.Println("recovered:", recover()) }()
	var nilNamed named
	nilNamed.Name()
}
