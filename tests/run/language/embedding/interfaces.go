// Interfaces embedded in structs and in interfaces: partial overriding, delegation, nil
// ones, overlapping method sets.
package main

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

type animal interface {
	Name() string
	Sound() string
}
type runner interface{ Run() string }
type runningAnimal interface {
	animal
	runner
	Name() string
}

type dog struct{ name string }

func (d dog) Name() string  { return d.name }
func (d dog) Sound() string { return "woof" }
func (d *dog) Run() string  { return d.name + " runs" }

type loud struct{ animal }

func (l loud) Sound() string { return strings.ToUpper(l.animal.Sound()) + "!" }

type trained struct {
	runningAnimal
	tricks []string
}

type reverse struct{ sort.Interface }

func (r reverse) Less(i, j int) bool { return r.Interface.Less(j, i) }

type countingWriter struct {
	io.Writer
	n int
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += n
	return n, err
}

type wrapped struct {
	error
	code int
}

func (w wrapped) Unwrap() error { return w.error }

func main() {
	d := &dog{"rex"}
	l := loud{d}
	fmt.Println(l.Name(), l.Sound(), loud{l}.Sound(), loud{loud{*d}}.Name())
	t := trained{d, []string{"sit"}}
	fmt.Println(t.Name(), t.Sound(), t.Run(), t.tricks)
	var a animal = t
	r, ok := a.(runner)
	fmt.Println(ok, r.Run())
	_, ok = animal(l).(runner)
	fmt.Println(ok)
	s := []int{3, 1, 2}
	sort.Sort(reverse{sort.IntSlice(s)})
	fmt.Println(s)
	var b strings.Builder
	c := &countingWriter{Writer: &b}
	fmt.Fprintf(c, "hello %d", 5)
	io.WriteString(c, " more")
	fmt.Println(b.String(), c.n)
	base := errors.New("base")
	var err error = wrapped{base, 7}
	var w wrapped
	fmt.Println(err, errors.Is(err, base), errors.As(err, &w), w.code)
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		var l loud
		fmt.Println(l.animal == nil, l == loud{})
		l.Name()
	}()
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		f := loud{}.Name
		f()
	}()
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		fmt.Println(wrapped{}.Error())
	}()
	name := animal.Name
	sound := runningAnimal.Sound
	fmt.Println(name(l), sound(t), (*dog).Sound(d))
	var ra runningAnimal = struct {
		animal
		runner
	}{l, d}
	fmt.Println(ra.Name(), ra.Sound(), ra.Run())
	m := map[animal]int{l: 1, *d: 2}
	fmt.Println(m[loud{d}], m[dog{"rex"}], m[d])
}
