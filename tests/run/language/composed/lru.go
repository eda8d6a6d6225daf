// A cache with a doubly linked list and a map, generic, with eviction callbacks; a ring.
package main

import (
	"fmt"
	"strings"
)

type entry[K comparable, V any] struct {
	prev, next *entry[K, V]
	k          K
	v          V
}
type cache[K comparable, V any] struct {
	limit   int
	m       map[K]*entry[K, V]
	root    entry[K, V]
	evicted func(K, V)
}

func newCache[K comparable, V any](limit int, evicted func(K, V)) *cache[K, V] {
	c := &cache[K, V]{limit: limit, m: make(map[K]*entry[K, V]), evicted: evicted}
	c.root.prev, c.root.next = &c.root, &c.root
	return c
}
func (c *cache[K, V]) unlink(e *entry[K, V]) { e.prev.next, e.next.prev = e.next, e.prev }
func (c *cache[K, V]) front(e *entry[K, V]) {
	e.prev, e.next = &c.root, c.root.next
	e.prev.next, e.next.prev = e, e
}
func (c *cache[K, V]) get(k K) (v V, ok bool) {
	e, ok := c.m[k]
	if ok {
		c.unlink(e)
		c.front(e)
		v = e.v
	}
	return
}
func (c *cache[K, V]) put(k K, v V) {
	if e, ok := c.m[k]; ok {
		e.v = v
		c.get(k)
		return
	}
	e := &entry[K, V]{k: k, v: v}
	c.m[k] = e
	c.front(e)
	if len(c.m) > c.limit {
		last := c.root.prev
		c.unlink(last)
		delete(c.m, last.k)
		if c.evicted != nil {
			c.evicted(last.k, last.v)
		}
	}
}
func (c *cache[K, V]) all(yield func(K, V) bool) {
	for e := c.root.next; e != &c.root && yield(e.k, e.v); e = e.next {
	}
}
func (c *cache[K, V]) String() string {
	var b strings.Builder
	for k, v := range c.all {
		fmt.Fprintf(&b, "%v=%v ", k, v)
	}
	return b.String()
}

func main() {
	c := newCache(3, func(k string, v int) { fmt.Println("evicted", k, v) })
	for i, k := range strings.Fields("a b c a d e a f") {
		if _, ok := c.get(k); !ok {
			c.put(k, i)
		}
		fmt.Println(c)
	}
	c.put("e", 100)
	fmt.Println(c, len(c.m))
	for k := range c.all {
		fmt.Println("most recent", k)
		break
	}
	type point struct{ x, y int }
	hits, memo := 0, newCache[point, []point](100, nil)
	var paths func(p point) int
	counts := map[point]int{}
	paths = func(p point) int {
		if _, ok := memo.get(p); ok {
			hits++
			return counts[p]
		}
		n := 1
		if p.x > 0 && p.y > 0 {
			n = paths(point{p.x - 1, p.y}) + paths(point{p.x, p.y - 1})
		}
		memo.put(p, []point{p})
		counts[p] = n
		return n
	}
	fmt.Println(paths(point{8, 8}), hits, len(memo.m))
}
