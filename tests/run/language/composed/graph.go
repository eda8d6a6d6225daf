// Shortest paths with a generic heap, topological order, components by union-find.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

type heap[T any] struct {
	items []T
	less  func(a, b T) bool
}

func (h *heap[T]) push(v T) {
	h.items = append(h.items, v)
	for i := len(h.items) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.less(h.items[i], h.items[parent]) {
			break
		}
		h.items[i], h.items[parent] = h.items[parent], h.items[i]
		i = parent
	}
}
func (h *heap[T]) pop() (v T, ok bool) {
	if len(h.items) == 0 {
		return v, false
	}
	v = h.items[0]
	last := len(h.items) - 1
	h.items[0] = h.items[last]
	h.items = h.items[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && h.less(h.items[c+1], h.items[c]) {
			c++
		}
		if !h.less(h.items[c], h.items[i]) {
			break
		}
		h.items[i], h.items[c] = h.items[c], h.items[i]
		i = c
	}
	return v, true
}
func (h *heap[T]) drain() iter.Seq[T] {
	return func(yield func(T) bool) {
		for v, ok := h.pop(); ok && yield(v); v, ok = h.pop() {
		}
	}
}

type graph[K cmp.Ordered] map[K]map[K]int

func (g graph[K]) edge(a, b K, w int) {
	for _, k := range []K{a, b} {
		if g[k] == nil {
			g[k] = map[K]int{}
		}
	}
	g[a][b] = w
}
func (g graph[K]) shortest(from K) map[K]int {
	type entry struct {
		k K
		d int
	}
	dist := map[K]int{}
	h := &heap[entry]{less: func(a, b entry) bool { return a.d < b.d }}
	h.push(entry{from, 0})
	for e := range h.drain() {
		if _, done := dist[e.k]; done {
			continue
		}
		dist[e.k] = e.d
		for k, w := range g[e.k] {
			h.push(entry{k, e.d + w})
		}
	}
	return dist
}
func (g graph[K]) order() (out []K, err error) {
	state := map[K]int{}
	var visit func(K)
	visit = func(k K) {
		switch state[k] {
		case 1:
			panic(fmt.Errorf("cycle through %v", k))
		case 2:
			return
		}
		state[k] = 1
		for _, n := range keys(g[k]) {
			visit(n)
		}
		state[k] = 2
		out = append(out, k)
	}
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	for _, k := range keys(g) {
		visit(k)
	}
	slices.Reverse(out)
	return
}
func keys[M ~map[K]V, K cmp.Ordered, V any](m M) (ks []K) {
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return
}

func main() {
	g := graph[string]{}
	for _, e := range []struct {
		a, b string
		w    int
	}{{"a", "b", 7}, {"a", "c", 3}, {"c", "b", 1}, {"b", "d", 2}, {"c", "d", 8}, {"e", "a", 1}} {
		g.edge(e.a, e.b, e.w)
	}
	fmt.Println(g.shortest("a"), g.shortest("d"))
	fmt.Println(g.order())
	g.edge("d", "c", 1)
	_, err := g.order()
	fmt.Println(err)
	n := graph[int]{}
	for i := range 200 {
		n.edge(i, (i*7+3)%200, i%13+1)
		n.edge(i, (i*3+1)%200, i%5+2)
	}
	d := n.shortest(0)
	sum := 0
	for _, v := range d {
		sum += v
	}
	fmt.Println(len(d), sum)
	h := &heap[int]{less: func(a, b int) bool { return a > b }}
	for i := range 20 {
		h.push(i * 7 % 20)
	}
	for v := range h.drain() {
		if v < 12 {
			break
		}
		fmt.Print(v, " ")
	}
	fmt.Println(len(h.items))
}
