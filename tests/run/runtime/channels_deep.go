// Channels: buffering, closing, ordering, large and empty elements, cap and len, nil channels.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

type big struct {
	a [100]int
	s string
	p *int
}

func try(f func()) {
	defer func() {
		r := recover()
		_, isErr := r.(runtime.Error)
		fmt.Println(r, isErr)
	}()
	f()
}

func main() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	fmt.Println(len(c), cap(c))
	close(c)
	for range 3 {
		v, ok := <-c
		fmt.Print(v, ok, " ")
	}
	fmt.Println(len(c))
	var nilc chan int
	fmt.Println(len(nilc), cap(nilc), nilc == nil)
	try(func() { close(c) })
	try(func() { c <- 1 })
	try(func() { close(nilc) })
	n := -1
	try(func() { _ = make(chan int, n) })
	n = 1 << 62
	try(func() { _ = make(chan [1 << 10]byte, n) })

	b := make(chan big, 2)
	go func() {
		for i := range 100 {
			x := big{s: fmt.Sprint(i), p: new(int)}
			x.a[99] = i
			*x.p = i
			b <- x
		}
		close(b)
	}()
	sum := 0
	for x := range b {
		if x.a[99]%10 == 0 {
			runtime.GC()
		}
		sum += x.a[99] + *x.p + len(x.s)
	}
	fmt.Println(sum)
	e := make(chan struct{}, 1<<40)
	for range 1000 {
		e <- struct{}{}
	}
	fmt.Println(len(e), cap(e) == 1<<40)
	// FIFO between one sender and one receiver, and waiting senders in order.
	u := make(chan int)
	var wg sync.WaitGroup
	last := make([]int, 4)
	var mu sync.Mutex
	broken := false
	for s := range 4 {
		wg.Go(func() {
			for i := 1; i <= 500; i++ {
				u <- s<<16 | i
			}
		})
	}
	go func() { wg.Wait(); close(u) }()
	for v := range u {
		s, i := v>>16, v&0xffff
		mu.Lock()
		if i != last[s]+1 {
			broken = true
		}
		last[s] = i
		mu.Unlock()
	}
	fmt.Println(broken, last)
	// Closing wakes all receivers.
	w := make(chan int)
	var woken sync.WaitGroup
	zeros := 0
	for range 100 {
		woken.Go(func() {
			v, ok := <-w
			mu.Lock()
			if v == 0 && !ok {
				zeros++
			}
			mu.Unlock()
		})
	}
	runtime.Gosched()
	close(w)
	woken.Wait()
	fmt.Println(zeros)
	// Closing panics waiting senders.
	s := make(chan int)
	panics := make(chan any, 5)
	for range 5 {
		go func() {
			defer func() { panics <- recover() }()
			s <- 1
		}()
	}
	for range 100 {
		runtime.Gosched()
	}
	close(s)
	for range 5 {
		fmt.Print(<-panics, "; ")
	}
	fmt.Println()
	// Channels of channels, of functions, of interfaces; direction conversions; comparison.
	cc := make(chan chan func() any, 1)
	f := make(chan func() any, 1)
	cc <- f
	f <- func() any { return "called" }
	fmt.Println((<-<-cc)())
	var ro <-chan int = c
	var so chan<- int = c
	fmt.Println(ro == c, any(so) == any(c), any(so) == any((chan<- int)(c)))
	m := map[chan int]string{c: "c", nilc: "nil"}
	fmt.Println(m[c], m[nil])
	type pair struct {
		k string
		v *int
	}
	pc := make(chan pair, 1)
	for i := range 3 {
		pc <- pair{"k", &i}
		p := <-pc
		fmt.Print(p.k, *p.v, " ")
	}
	fmt.Println()
	// Range over a channel with break leaves the rest.
	r := make(chan int, 5)
	for i := range 5 {
		r <- i
	}
	for v := range r {
		if v == 2 {
			break
		}
	}
	fmt.Println(len(r), <-r)
	// Deep stack while blocked.
	var deep func(n int, c chan int) int
	deep = func(n int, c chan int) int {
		var pad [64]byte
		pad[n%64] = 1
		if n == 0 {
			return <-c
		}
		return deep(n-1, c) + int(pad[n%64])
	}
	dc := make(chan int)
	res := make(chan int)
	for range 20 {
		go func() { res <- deep(2000, dc) }()
	}
	for range 20 {
		dc <- 1
	}
	total := 0
	for range 20 {
		total += <-res
	}
	fmt.Println(total)
}
