package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

type Number interface {
	~int | ~int64 | ~float64
}

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

type List[T any] struct {
	head *elem[T]
	n    int
}

type elem[T any] struct {
	v    T
	next *elem[T]
}

func (l *List[T]) Push(v T) *List[T] {
	l.head = &elem[T]{v, l.head}
	l.n++
	return l
}

func (l *List[T]) All() func(func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for e := l.head; e != nil; e = e.next {
			if !yield(i, e.v) {
				return
			}
			i++
		}
	}
}

type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
}
type node[K cmp.Ordered, V any] struct {
	k           K
	v           V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).k); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			(*p).v = v
			return
		}
	}
	*p = &node[K, V]{k: k, v: v}
}

func (n *node[K, V]) walk(f func(K, V)) {
	if n != nil {
		n.left.walk(f)
		f(n.k, n.v)
		n.right.walk(f)
	}
}

type Pair[A, B any] struct {
	a A
	b B
}

func MakePair[A, B any](a A, b B) Pair[A, B] { return Pair[A, B]{a, b} }
func (p Pair[A, B]) Swap() Pair[B, A]        { return Pair[B, A]{p.b, p.a} }

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T) bool {
	if _, ok := s[v]; ok {
		return false
	}
	s[v] = struct{}{}
	return true
}

type MyInt int

func (m MyInt) String() string { return fmt.Sprintf("MyInt(%d)", int(m)) }

func Strings[T fmt.Stringer](xs []T) []string {
	var r []string
	for _, x := range xs {
		r = append(r, x.String())
	}
	return r
}

func Reduce[T, A any](xs []T, a A, f func(A, T) A) A {
	for _, x := range xs {
		a = f(a, x)
	}
	return a
}

type Vec[T any] = []T

func First[S ~[]E, E any](s S) (E, error) {
	if len(s) == 0 {
		var zero E
		return zero, errors.New("empty")
	}
	return s[0], nil
}

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[MyInt](4, 5))
	var l List[string]
	l.Push("a").Push("b").Push("c")
	for i, v := range l.All() {
		if i == 2 {
			break
		}
		fmt.Print(i, v, " ")
	}
	fmt.Println(l.n)
	var t Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t.Put(w, i)
	}
	t.root.walk(func(k string, v int) { fmt.Print(k, "=", v, " ") })
	fmt.Println()
	fmt.Printf("%v %T\n", MakePair(1, "x").Swap(), MakePair(1, "x").Swap())
	s := Set[[2]int]{}
	fmt.Println(s.Add([2]int{1, 2}), s.Add([2]int{1, 2}), len(s))
	fmt.Println(Strings([]MyInt{1, 2}))
	fmt.Println(Reduce([]int{1, 2, 3}, "", func(a string, x int) string { return a + fmt.Sprint(x) }))
	v := Vec[int]{3, 1, 2}
	slices.SortFunc(v, func(a, b int) int { return b - a })
	fmt.Println(v, slices.Max(v), slices.Contains(v, 2))
	fmt.Println(First(v))
	fmt.Println(First([]string{}))
	f := Sum[float64]
	fmt.Printf("%T %v\n", f, f(1, 2))
}
