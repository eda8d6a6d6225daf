// Values and expressions of generic methods, also promoted and of generic types.
package main

import "fmt"

type T struct{ n int }

func (t T) Map[U any](f func(int) U) []U { return []U{f(t.n), f(t.n + 1)} }
func (t *T) Add[N int | float64](x N) string { t.n += int(x); return fmt.Sprintf("%T %d", x, t.n) }

type E struct{ *T }
type G[K comparable] struct{ k K }

func (g G[K]) Pair[V any](v V) string { return fmt.Sprintf("%v %v %T", g.k, v, g) }

func main() {
	t := T{1}
	f := t.Map[string]
	t.n = 5
	fmt.Println(f(func(i int) string { return fmt.Sprint("s", i) }))
	a := t.Add[float64]
	fmt.Println(a(2.5), t.n)
	e := E{&t}
	fmt.Println(e.Add[int](3), t.n)
	ea := e.Add[int]
	fmt.Println(ea(4), t.n)
	g := G[string]{"k"}
	p := g.Pair[[]int]
	fmt.Println(p([]int{1}))
	x := T.Map[bool]
	fmt.Println(x(t, func(i int) bool { return i%2 == 0 }))
	y := (*T).Add[int]
	fmt.Println(y(&t, 1))
	var h func(int) string = t.Add
	fmt.Println(h(7))
	defer e.Add[float64](1)
	q := E.Add[int]
	fmt.Println(q(e, 1))
}
