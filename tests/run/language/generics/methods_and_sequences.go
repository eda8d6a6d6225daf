// Generic methods (Go 1.27), method values and expressions of generic types, embedded generics,
// and what reflection and %T say of them.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
)

type list[T any] struct {
	items []T
	log   func(string)
}

func (l *list[T]) add(items ...T) *list[T] { l.items = append(l.items, items...); return l }

func (l list[T]) each[R any](f func(T) R) list[R] {
	var out list[R]
	for _, item := range l.items {
		out.items = append(out.items, f(item))
	}
	return out
}

func (l list[T]) fold[A any](start A, f func(A, T) A) A {
	for _, item := range l.items {
		start = f(start, item)
	}
	return start
}

func (l list[T]) zip[U any, P interface{ *pair[T, U] }](other list[U]) iter.Seq[pair[T, U]] {
	return func(yield func(pair[T, U]) bool) {
		for i, item := range l.items {
			p := pair[T, U]{item, other.items[i]}
			if !yield(*P(&p)) {
				return
			}
		}
	}
}

type pair[A, B any] struct {
	a A
	b B
}

func (p pair[A, B]) swap() pair[B, A]                        { return pair[B, A]{p.b, p.a} }
func (p *pair[A, B]) set(a A)                                { p.a = a }
func (p pair[_, B]) second() B                               { return p.b }
func (p pair[A, B]) with[C fmt.Stringer](c C) (string, A)    { return c.String(), p.a }
func (p pair[A, B]) convert[C ~string | ~[]byte](c C) string { return fmt.Sprint(p.a, string(c), p.b) }

type number interface {
	~int | ~int8 | ~uint16 | ~float32 | ~float64 | ~complex128
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°", float64(c)) }

type tree[K cmp.Ordered, V any] struct {
	left, right *tree[K, V]
	key         K
	value       V
}

func (t *tree[K, V]) put(k K, v V) *tree[K, V] {
	if t == nil {
		return &tree[K, V]{key: k, value: v}
	}
	switch c := cmp.Compare(k, t.key); {
	case c < 0:
		t.left = t.left.put(k, v)
	case c > 0:
		t.right = t.right.put(k, v)
	default:
		t.value = v
	}
	return t
}

func (t *tree[K, V]) all(yield func(K, V) bool) bool {
	return t == nil || t.left.all(yield) && yield(t.key, t.value) && t.right.all(yield)
}

func (t *tree[K, V]) collect[R any](f func(K, V) (R, error)) (out []R, err error) {
	t.all(func(k K, v V) bool {
		r, e := f(k, v)
		if e != nil {
			err = errors.Join(err, fmt.Errorf("key %v: %w", k, e))
			return true
		}
		out = append(out, r)
		return true
	})
	return
}

type outer[T any] struct {
	*list[T]
	pair[T, []T]
	name string
}

func sum[T number](items ...T) (s T) {
	for _, i := range items {
		s += i
	}
	return
}

func typeName[T any]() string {
	type local struct{ x T }
	return fmt.Sprintf("%T %T", *new(T), local{})
}

type fn[A, B any] func(A) B

func (f fn[A, B]) then[C any](g fn[B, C]) fn[A, C] { return func(a A) C { return g(f(a)) } }

type set[T comparable] map[T]struct{}

func (s set[T]) has(t T) bool { _, ok := s[t]; return ok }
func of[T comparable](items ...T) set[T] {
	s := set[T]{}
	for _, i := range items {
		s[i] = struct{}{}
	}
	return s
}

func main() {
	var l list[int]
	l.add(3, 1, 2).add()
	fmt.Println(l.each(func(i int) string { return strings.Repeat("x", i) }).items)
	fmt.Println(l.fold("", func(a string, i int) string { return a + fmt.Sprint(i) }))
	fmt.Println(l.fold[float64](0.5, func(a float64, i int) float64 { return a * float64(i) }))
	toHalf := l.each[float64]
	fmt.Println(toHalf(func(i int) float64 { return float64(i) / 2 }).items)
	fold := list[int].fold[int]
	fmt.Println(fold(l, 100, func(a, i int) int { return a - i }))
	for p := range l.zip(l.each(func(i int) bool { return i > 1 })) {
		fmt.Println(p, p.swap(), p.second())
		if p.b {
			break
		}
	}
	p := pair[string, celsius]{"a", 36.6}
	p.set("b")
	set := p.set
	set("c")
	(*pair[string, celsius]).set(&p, p.a+"d")
	fmt.Println(p, p.swap().a.String())
	fmt.Println(p.with(celsius(1)))
	fmt.Println(p.convert("s"), p.convert([]byte{'b', 'y'}))
	fmt.Printf("%T %T %T %v\n", p, p.swap, l.each[string], reflect.TypeOf(p).NumMethod())

	var t *tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t = t.put(w, i)
	}
	got, err := t.collect(func(k string, v int) (string, error) {
		if v%3 == 0 {
			return "", errors.New("no")
		}
		return k[:1], nil
	})
	fmt.Println(got, strings.ReplaceAll(fmt.Sprint(err), "\n", "; "))

	o := outer[celsius]{list: new(list[celsius]), name: "o"}
	o.add(1, 2)
	o.set(3)
	fmt.Println(o.each(celsius.String).items, o.pair.a, o.fold(0, func(a int, c celsius) int { return a + int(c) }))
	fmt.Printf("%T\n", o)
	fmt.Println(sum[int8](100, 27, 1), sum(1.5, 2), sum(1i, 2), sum[celsius]())
	fmt.Println(typeName[map[string][]*pair[int, error]](), typeName[func(int) chan<- struct{}]())
	inc := fn[int, int](func(i int) int { return i + 1 })
	fmt.Println(inc.then(func(i int) string { return fmt.Sprint("<", i, ">") }).then(func(s string) int { return len(s) })(41))
	fmt.Println(of(1, 2).has(2), of[any](1, "a", nil).has(nil), of[any]().has(1.5))
	func() {
		defer func() { fmt.Println(recover()) }()
		of[any]([]int{1})
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var nilTree *outer[int]
		_ = nilTree.second()
	}()
	fmt.Println(slices.SortedFunc(func(yield func(pair[int, string]) bool) {
		_ = yield(pair[int, string]{2, "b"}) && yield(pair[int, string]{1, "z"}) && yield(pair[int, string]{2, "a"})
	}, func(x, y pair[int, string]) int { return cmp.Or(cmp.Compare(x.a, y.a), strings.Compare(x.b, y.b)) }))
}
