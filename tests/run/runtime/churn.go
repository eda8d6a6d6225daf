// Goroutines, allocation, maps and strings under a tight collector: nothing may be lost or changed.
//
//test:env GOGC=5
package main

import (
	"fmt"
	"hash/fnv"
	"runtime"
	"sort"
	"strings"
	"sync"
)

type tree struct {
	l, r *tree
	key  int
	val  string
	meta map[string][]byte
}

func (t *tree) insert(k int) *tree {
	if t == nil {
		return &tree{key: k, val: fmt.Sprint("v", k), meta: map[string][]byte{"k": []byte(fmt.Sprint(k))}}
	}
	if k < t.key {
		t.l = t.l.insert(k)
	} else if k > t.key {
		t.r = t.r.insert(k)
	}
	return t
}
func (t *tree) check() (n int, ok bool) {
	if t == nil {
		return 0, true
	}
	a, x := t.l.check()
	b, y := t.r.check()
	return a + b + 1, x && y && t.val == fmt.Sprint("v", t.key) && string(t.meta["k"]) == fmt.Sprint(t.key)
}

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var lines []string
	for w := range 8 {
		wg.Go(func() {
			var t *tree
			x := uint32(w*7919 + 1)
			for range 3000 {
				x = x*1664525 + 1013904223
				t = t.insert(int(x >> 18))
			}
			n, ok := t.check()
			mu.Lock()
			lines = append(lines, fmt.Sprint("tree ", w, n, ok))
			mu.Unlock()
		})
		wg.Go(func() {
			m := map[string]int{}
			for i := range 20000 {
				k := strings.Repeat(string(rune('a'+i%26)), i%17) + fmt.Sprint(i%500)
				m[k] += i
				if i%3 == 0 {
					delete(m, k)
				}
			}
			keys := make([]string, 0, len(m))
			for k := range m {
				keys = append(keys, k)
			}
			sort.Strings(keys)
			h := fnv.New64a()
			for _, k := range keys {
				fmt.Fprint(h, k, m[k])
			}
			mu.Lock()
			lines = append(lines, fmt.Sprint("map ", w, len(m), h.Sum64()))
			mu.Unlock()
		})
		wg.Go(func() {
			c := make(chan []*int, 4)
			done := make(chan int)
			go func() {
				sum := 0
				for s := range c {
					for _, p := range s {
						sum += *p
					}
				}
				done <- sum
			}()
			for i := range 500 {
				var s []*int
				for j := range 40 {
					v := i*j + w
					s = append(s, &v)
				}
				c <- s
			}
			close(c)
			mu.Lock()
			lines = append(lines, fmt.Sprint("chan ", w, <-done))
			mu.Unlock()
		})
	}
	wg.Go(func() {
		for range 20 {
			runtime.GC()
			runtime.Gosched()
		}
	})
	wg.Wait()
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}
