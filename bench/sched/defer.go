// defer in its forms, panic and recover.
package main

import (
	"strconv"

	"bench/measure"
)

type counter struct{ n int }

func (c *counter) add() { c.n++ }

//go:noinline
func one(c *counter) {
	defer c.add()
	c.n += 2
}

//go:noinline
func plain(p *int) {
	defer increment(p)
	*p += 2
}

//go:noinline
func increment(p *int) { *p++ }

//go:noinline
func three(p *int) {
	defer increment(p)
	defer increment(p)
	if *p%2 == 0 {
		defer increment(p)
	}
	*p += 2
}

//go:noinline
func closure(p *int) {
	by := *p & 7
	defer func() { *p += by }()
	*p += 2
}

//go:noinline
func loop(p *int, times int) {
	for range times {
		defer increment(p)
	}
	*p++
}

//go:noinline
func thrown(p *int, depth int) {
	if depth == 0 {
		panic(p)
	}
	thrown(p, depth-1)
	*p++
}

//go:noinline
func caught(p *int, depth int) (ok bool) {
	defer func() { ok = recover() == p }()
	thrown(p, depth)
	return false
}

func main() {
	const n = 100_000
	repeat := func(name string, times int, f func(p *int)) {
		measure.Row(name, times, func() uint64 {
			x := 0
			for range times {
				f(&x)
			}
			return uint64(x)
		})
	}
	repeat("defer, one", n, plain)
	repeat("defer, three", n, three)
	repeat("defer, closure", n, closure)
	measure.Row("defer, method", n, func() uint64 {
		var c counter
		for range n {
			one(&c)
		}
		return uint64(c.n)
	})
	for _, times := range []int{1, 8, 16, 17, 32, 1024} {
		repeat("defer, loop of "+strconv.Itoa(times), n/times, func(p *int) { loop(p, times) })
	}
	repeat("panic and recover", n/10, func(p *int) { caught(p, 0) })
	repeat("panic and recover, 20 deep", n/50, func(p *int) { caught(p, 20) })
}
