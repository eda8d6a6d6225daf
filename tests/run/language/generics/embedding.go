// Generic types embedded in others, embedding their own parameters' instances, interfaces
// with parameters, satisfied by promotion; methods of instances through interfaces.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type container[T any] interface {
	Get(int) T
	Len() int
}
type mutable[T any] interface {
	container[T]
	Set(int, T)
}
type base[T any] struct{ items []T }

func (b *base[T]) Get(i int) T    { return b.items[i] }
func (b *base[T]) Len() int       { return len(b.items) }
func (b *base[T]) Set(i int, v T) { b.items[i] = v }

type logged[T any] struct {
	mutable[T]
	log *strings.Builder
}

func (l logged[T]) Set(i int, v T) {
	fmt.Fprintf(l.log, "%d:%v->%v;", i, l.Get(i), v)
	l.mutable.Set(i, v)
}

type ordered[T any] struct {
	*base[T]
	less func(a, b T) bool
}

func (o ordered[T]) Less(i, j int) bool { return o.less(o.items[i], o.items[j]) }
func (o ordered[T]) Swap(i, j int)      { o.items[i], o.items[j] = o.items[j], o.items[i] }

type view[T, R any] struct {
	container[T]
	f func(T) R
}

func (v view[T, R]) Get(i int) R { return v.f(v.container.Get(i)) }

func collect[T any](c container[T]) (s []T) {
	for i := range c.Len() {
		s = append(s, c.Get(i))
	}
	return s
}

type chain[T any] interface {
	Next() chain[T]
	Value() T
}
type link[T any] struct {
	v    T
	rest *link[T]
}

func (l *link[T]) Value() T { return l.v }
func (l *link[T]) Next() chain[T] {
	if l.rest == nil {
		return nil
	}
	return l.rest
}

type comparer[T any] interface{ Compare(T) int }
type age int

func (a age) Compare(b age) int { return int(a - b) }
func greatest[T comparer[T]](ts ...T) T {
	g := ts[0]
	for _, t := range ts {
		if t.Compare(g) > 0 {
			g = t
		}
	}
	return g
}

func main() {
	var log strings.Builder
	l := logged[int]{&base[int]{[]int{3, 1, 2}}, &log}
	l.Set(0, 30)
	var m mutable[int] = l
	m.Set(1, 10)
	fmt.Println(collect[int](l), log.String())
	o := ordered[string]{&base[string]{[]string{"bb", "a", "ccc"}}, func(a, b string) bool { return len(a) > len(b) }}
	sort.Sort(o)
	fmt.Println(collect[string](o), o.Len())
	v := view[string, int]{o, func(s string) int { return len(s) * 100 }}
	vv := view[int, string]{v, func(n int) string { return fmt.Sprint("#", n) }}
	fmt.Println(collect[int](v), collect[string](vv))
	for c := chain[rune](&link[rune]{'a', &link[rune]{'b', nil}}); c != nil; c = c.Next() {
		fmt.Print(string(c.Value()), " ")
	}
	fmt.Println(greatest(age(3), 9, 4))
	var any1 any = l
	_, isContainer := any1.(container[int])
	_, isOther := any1.(container[string])
	_, isSorted := any(o).(sort.Interface)
	fmt.Println(isContainer, isOther, isSorted)
	get := container[int].Get
	fmt.Println(get(l, 2), mutable[int].Len(m))
}
