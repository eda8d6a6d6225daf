// Worker pools, pipelines, fan-out and fan-in, bounded parallelism, errgroup-like groups.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

func pool(workers, jobs int) int {
	in, out := make(chan int), make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for j := range in {
				out <- j * j
			}
		})
	}
	go func() {
		for j := range jobs {
			in <- j
		}
		close(in)
		wg.Wait()
		close(out)
	}()
	sum := 0
	for v := range out {
		sum += v
	}
	return sum
}

func stage[A, B any](in <-chan A, buffer int, f func(A) B) <-chan B {
	out := make(chan B, buffer)
	go func() {
		defer close(out)
		for v := range in {
			out <- f(v)
		}
	}()
	return out
}

func merge[T any](chans ...<-chan T) <-chan T {
	out := make(chan T)
	var wg sync.WaitGroup
	for _, c := range chans {
		wg.Go(func() {
			for v := range c {
				out <- v
			}
		})
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

type group struct {
	wg     sync.WaitGroup
	once   sync.Once
	err    error
	cancel context.CancelCauseFunc
	sem    chan struct{}
}

func newGroup(ctx context.Context, limit int) (*group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &group{cancel: cancel, sem: make(chan struct{}, limit)}, ctx
}
func (g *group) Go(f func() error) {
	g.sem <- struct{}{}
	g.wg.Go(func() {
		defer func() { <-g.sem }()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err; g.cancel(err) })
		}
	})
}
func (g *group) Wait() error { g.wg.Wait(); g.cancel(g.err); return g.err }

func primes(n int) []int {
	ch := make(chan int)
	go func(first chan<- int) {
		for i := 2; ; i++ {
			first <- i
		}
	}(ch)
	var r []int
	for range n {
		p := <-ch
		r = append(r, p)
		next := make(chan int)
		go func(in <-chan int) {
			for {
				if i := <-in; i%p != 0 {
					next <- i
				}
			}
		}(ch)
		ch = next
	}
	return r
}

func main() {
	for _, w := range []int{1, 2, 7, 100} {
		fmt.Println(pool(w, 2000))
	}
	src := make(chan int)
	go func() {
		for i := range 1000 {
			src <- i
		}
		close(src)
	}()
	p := stage(stage(stage(src, 0, func(i int) string { return fmt.Sprint(i) }), 10, func(s string) int { return len(s) }), 1, func(n int) float64 { return float64(n) / 2 })
	total := 0.0
	for v := range p {
		total += v
	}
	fmt.Println(total)

	var chans []<-chan int
	for i := range 50 {
		c := make(chan int, i%3)
		chans = append(chans, c)
		go func() {
			defer close(c)
			for j := range 20 {
				c <- i*100 + j
			}
		}()
	}
	var all []int
	for v := range merge(chans...) {
		all = append(all, v)
	}
	slices.Sort(all)
	fmt.Println(len(all), all[0], all[999], len(slices.Compact(all)))

	g, ctx := newGroup(context.Background(), 4)
	var running, peak, done atomic.Int32
	for i := range 100 {
		g.Go(func() error {
			now := running.Add(1)
			defer running.Add(-1)
			for {
				p := peak.Load()
				if now <= p || peak.CompareAndSwap(p, now) {
					break
				}
			}
			done.Add(1)
			if i == 60 {
				return errors.New("job 60 failed")
			}
			return nil
		})
	}
	fmt.Println(g.Wait(), peak.Load() <= 4, done.Load(), context.Cause(ctx))
	fmt.Println(primes(60))

	// A ring of goroutines passing a token.
	const n = 500
	first := make(chan int)
	in := first
	for i := range n {
		out := make(chan int)
		go func(in, out chan int) {
			for v := range in {
				out <- v + i%2
			}
			close(out)
		}(in, out)
		in = out
	}
	go func() { first <- 0 }()
	v := 0
	for range 10 {
		v = <-in
		go func() { first <- v }()
	}
	v = <-in
	close(first)
	_, ok := <-in
	fmt.Println(v, ok)
	// Recursive parallel sum.
	var sum func(lo, hi int) int
	sum = func(lo, hi int) int {
		if hi-lo < 50 {
			s := 0
			for i := lo; i < hi; i++ {
				s += i
			}
			return s
		}
		c := make(chan int)
		mid := (lo + hi) / 2
		go func() { c <- sum(lo, mid) }()
		return sum(mid, hi) + <-c
	}
	fmt.Println(sum(0, 200000))
}
