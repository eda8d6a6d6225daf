// Deferred calls with arguments of every size, in loops and conditions mixed, with results
// dropped, of builtins, conversions in arguments, interfaces, channels and locks.
package main

import (
	"fmt"
	"strings"
	"sync"
)

type big struct{ v [30]int }

func takeBig(b big, f float64, s string, xs []int, m map[string]int, c complex128, i any, e error) (int, string) {
	fmt.Println("big", b.v[29], f, s, xs, m, c, i, e)
	return 1, "dropped"
}

func takeMany(a, b, c, d, e, f, g, h, i, j int, x, y float64) {
	fmt.Println(a, b, c, d, e, f, g, h, i, j, x, y)
}

func (b *big) set(i, v int) *big { b.v[i] = v; return b }
func (b big) show(i int)         { fmt.Println("shown", b.v[i]) }

func shapes(n int) {
	b := big{}
	b.v[29] = n
	defer takeBig(b, float64(n)/2, fmt.Sprint("s", n), []int{n}, map[string]int{"n": n}, complex(float64(n), 1), n, nil)
	b.v[29] = -1
	defer takeMany(1, 2, 3, 4, 5, 6, 7, 8, 9, n, 1.5, float64(n))
	defer b.show(29)
	defer b.set(29, 50).show(29)
	if n > 1 {
		defer fmt.Println("only for more than one")
		for i := range n {
			defer func(s string) { fmt.Print(s, i, " ") }(strings.Repeat("x", i))
		}
	}
	switch n {
	case 1:
		defer fmt.Println("one")
	default:
		defer fmt.Println("default")
	}
}

func channels() (got []int) {
	c := make(chan int, 3)
	var mu sync.Mutex
	func() {
		mu.Lock()
		defer mu.Unlock()
		defer close(c)
		defer func() { c <- 3 }()
		c <- 1
		c <- 2
	}()
	fmt.Println(mu.TryLock())
	for v := range c {
		got = append(got, v)
	}
	return got
}

func chainOf() (s string) {
	defer func(f func() func()) { f()() }(func() func() { s += "a"; return func() { s += "b" } })
	defer func() func() { s += "c"; return func() { s += "d" } }()()
	return "r"
}

func unlock(mu *sync.RWMutex, f func() int) int {
	mu.RLock()
	defer mu.RUnlock()
	return f()
}

func main() {
	shapes(1)
	shapes(3)
	fmt.Println(channels())
	fmt.Println(chainOf())
	var mu sync.RWMutex
	func() {
		defer func() { fmt.Println(recover()) }()
		unlock(&mu, func() int { panic("under the lock") })
	}()
	fmt.Println(unlock(&mu, func() int { return 5 }), mu.TryLock())
	var wg sync.WaitGroup
	total := 0
	var sum sync.Mutex
	for i := range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sum.Lock()
			defer sum.Unlock()
			total += i
		}()
	}
	wg.Wait()
	fmt.Println(total)
}
