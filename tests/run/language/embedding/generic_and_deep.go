// Embedding of instances of generic types, aliases and interfaces; what hides what at which
// depth; promotion through pointers; method sets of the struct and of its pointer; embedded
// fields by the names of their types; conversion between structs with different tags.
package main

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
)

type box[T any] struct{ v T }

func (b box[T]) Get() T         { return b.v }
func (b *box[T]) Set(v T)       { b.v = v }
func (b box[T]) String() string { return fmt.Sprintf("box(%v)", b.v) }

type intBox = box[int]
type pairOf[A, B any] struct {
	box[A]
	Second box[B]
	name   string
}
type viaAlias struct {
	intBox
	*strings.Reader
}
type locked[T any] struct {
	sync.Mutex
	*box[T]
}

func (l *locked[T]) With(f func(T) T) {
	l.Lock()
	defer l.Unlock()
	l.Set(f(l.Get()))
}

type level0 struct{ x, y, z int }
type level1 struct {
	level0
	x string
}
type left struct{ level1 }
type right struct{ y bool }
type level2 struct {
	*left
	right
	w int
}

func (level0) who() string   { return "level0" }
func (l level1) who() string { return "level1 over " + l.level0.who() }
func (right) only() string   { return "right" }

type getter[T any] interface{ Get() T }
type getSetter[T any] interface {
	getter[T]
	Set(T)
}
type wraps[T any] struct{ getter[T] }

func (w wraps[T]) Get() T { return w.getter.Get() }

type reversed struct{ sort.Interface }

func (r reversed) Less(i, j int) bool { return r.Interface.Less(j, i) }

type failing struct {
	error
	code int
}
type logs struct {
	io.Writer
	lines *[]string
}

func (l logs) Write(p []byte) (int, error) {
	*l.lines = append(*l.lines, string(p))
	return l.Writer.Write(p)
}

type tagged struct {
	A int `json:"a"`
	B string
}
type untagged struct {
	A int
	B string `x:"y"`
}

func has[T any](v any) string {
	_, get := v.(getter[T])
	_, set := v.(getSetter[T])
	_, str := v.(fmt.Stringer)
	return fmt.Sprint(get, set, str)
}

func main() {
	p := pairOf[int, string]{box[int]{1}, box[string]{"s"}, "n"}
	p.Set(5)
	p.Second.Set("t")
	p.box.v++
	fmt.Println(p.Get(), p.v, p.Second.Get(), p, p.box, has[int](p), has[int](&p), has[string](p))
	v := viaAlias{intBox{3}, strings.NewReader("text")}
	v.Set(4)
	data, err := io.ReadAll(v)
	fmt.Println(v.intBox.Get(), string(data), err, v.Len(), v.intBox)
	l := locked[[]string]{box: &box[[]string]{}}
	l.With(func(s []string) []string { return append(s, "a") })
	l.With(func(s []string) []string { return append(s, "b") })
	fmt.Println(l.Get(), l.TryLock(), has[[]string](&l))
	d := level2{left: &left{level1{level0{1, 2, 3}, "x"}}, right: right{true}}
	d.z = 30
	d.level0.x = 10
	d.x += "!"
	fmt.Println(d.x, d.y, d.z, d.level0.y, d.left.y, d.who(), d.level1.level0.who(), d.only(), *d.left)
	copied := d
	copied.z = 300
	copied.y = false
	fmt.Println(d.z, d.y, copied.left == d.left)
	w := wraps[int]{wraps[int]{&p}}
	p.Set(77)
	fmt.Println(w.Get(), has[int](w), getter[int](w).Get())
	words := sort.StringSlice{"b", "c", "a"}
	sort.Sort(reversed{reversed{reversed{words}}})
	fmt.Println(words)
	e := failing{errors.New("inner"), 3}
	var err2 error = e
	var target failing
	fmt.Println(err2, errors.As(err2, &target), target.code, fmt.Sprintf("%v|%s", e, &e))
	var lines []string
	lg := logs{io.Discard, &lines}
	fmt.Fprintf(lg, "x=%d", 1)
	io.WriteString(lg, "y")
	fmt.Println(lines)
	u := untagged(tagged{1, "b"})
	pt := (*tagged)(&u)
	pt.A = 9
	fmt.Println(u, struct {
		A int
		B string
	}(u) == struct {
		A int
		B string
	}(*pt))
	anon := struct {
		box[string]
		*level1
		fmt.Stringer
	}{box[string]{"anon"}, &d.level1, nil}
	fmt.Println(anon.Get(), anon.who(), anon.z, anon.Stringer == nil)
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		var empty wraps[string]
		empty.Get()
	}()
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		fmt.Println(level2{}.z)
	}()
	f, g := d.who, (*level2).only
	d.left = &left{}
	fmt.Println(f(), g(&d), d.who())
}
