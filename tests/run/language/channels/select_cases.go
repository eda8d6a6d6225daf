// select: many cases, evaluation order, nil channels, the same channel twice, break, loops, send
// of values computed with side effects, default, timers.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func ch(name string, c chan int) chan int { fmt.Print(name, " "); return c }
func val(n int) int                       { fmt.Print("v", n, " "); return n }

func order() {
	a, b := make(chan int, 1), make(chan int, 1)
	b <- 5
	arr := [3]int{}
	idx := func(i int) int { fmt.Print("i", i, " "); return i }
	select {
	case ch("a", nil) <- val(1):
	case arr[idx(1)] = <-ch("b", b):
		fmt.Println("received", arr)
	case ch("c", nil) <- val(2):
	}
	select {
	case ch("a", a) <- val(3):
		fmt.Println("sent", <-a)
	case arr[idx(2)], _ = <-ch("b", b):
	}
	var ok bool
	m := map[string]int{}
	close(b)
	select {
	case m["x"], ok = <-b:
		fmt.Println(m, ok)
	}
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		select {
		case b <- val(1):
		default:
		}
	}()
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		var none []int
		c := make(chan int, 1)
		c <- 1
		select {
		case none[0] = <-c:
		default:
			fmt.Println("default")
		}
	}()
}

func many() {
	const n = 300
	var cs [10]chan int
	for i := range cs {
		cs[i] = make(chan int, i%3)
	}
	var wg sync.WaitGroup
	for i, c := range cs {
		wg.Go(func() {
			for j := range n {
				c <- i*1000 + j
			}
		})
	}
	done := make(chan bool)
	go func() { wg.Wait(); close(done) }()
	var next [10]int
	counted := 0
	take := func(v int) {
		i := v / 1000
		if v%1000 != next[i] {
			fmt.Println("out of order", v, next[i])
		}
		next[i]++
		counted++
	}
	var v int
loop:
	for {
		select {
		case v = <-cs[0]:
			take(v)
		case v := <-cs[1]:
			take(v)
		case v, ok := <-cs[2]:
			if !ok {
				fmt.Println("closed?")
			}
			take(v)
		case v = <-cs[3]:
			take(v)
		case v = <-cs[4]:
			take(v)
		case v = <-cs[5]:
			take(v)
		case v = <-cs[6]:
			take(v)
		case v = <-cs[7]:
			take(v)
		case v = <-cs[8]:
			take(v)
		case v = <-cs[9]:
			take(v)
		case <-done:
			break loop
		}
	}
	for _, c := range cs {
		for len(c) > 0 {
			take(<-c)
		}
	}
	fmt.Println(counted, next)
}

func fair() {
	c, d := make(chan int), make(chan int)
	close(c)
	close(d)
	var x, y, z int
	for range 3000 {
		select {
		case <-c:
			x++
		case <-d:
			y++
		case <-c:
			z++
		}
	}
	fmt.Println(x > 500, y > 500, z > 500, x+y+z)
}

func timers() {
	ctx, cancel := context.WithCancelCause(context.Background())
	stop := context.AfterFunc(ctx, func() { fmt.Println("after func") })
	fmt.Println(stop(), stop())
	printed, ran := make(chan bool), make(chan bool)
	context.AfterFunc(ctx, func() {
		<-printed
		fmt.Println("runs:", context.Cause(ctx))
		close(ran)
	})
	cancel(fmt.Errorf("cause"))
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	case <-time.After(time.Hour):
	}
	close(printed)
	<-ran
	timeout, end := context.WithTimeoutCause(context.Background(), time.Millisecond, fmt.Errorf("late"))
	defer end()
	select {
	case <-timeout.Done():
		fmt.Println(timeout.Err(), context.Cause(timeout))
	case <-make(chan int):
	}
	without := context.WithoutCancel(ctx)
	select {
	case <-without.Done():
	default:
		fmt.Println("not cancelled", without.Err(), without.Done() == nil)
	}
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop(), t.Reset(time.Millisecond))
	<-t.C
	fmt.Println(t.Stop(), len(t.C), cap(t.C))
	tick := time.NewTicker(time.Millisecond)
	<-tick.C
	<-tick.C
	tick.Stop()
	select {
	case <-tick.C:
		fmt.Println("tick after stop")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("stopped")
	}
}

func nils() {
	var n chan int
	select {
	case <-n:
	case n <- 1:
	default:
		fmt.Println("nil channels are never ready")
	}
	c := make(chan int, 1)
	for i := range 4 {
		var out, in chan int
		if i%2 == 0 {
			out = c
		} else {
			in = c
		}
		select {
		case out <- i:
			fmt.Print("out ")
		case v := <-in:
			fmt.Print("in ", v, " ")
		}
	}
	fmt.Println()
	type empty struct{}
	e := make(chan empty, 2)
	for range 3 {
		select {
		case e <- empty{}:
			fmt.Print("+")
		default:
			fmt.Print("full")
		}
	}
	fmt.Println(len(e))
	big := make(chan [1000]int, 1)
	select {
	case big <- [1000]int{999: 7}:
	}
	select {
	case b := <-big:
		fmt.Println(b[999])
	}
	self := make(chan chan int, 1)
	inner := make(chan int, 1)
	self <- inner
	inner <- 9
	select {
	case v := <-<-self:
		fmt.Println(v)
	}
	var ro <-chan int = inner
	var so chan<- int = inner
	select {
	case so <- 4:
	default:
	}
	fmt.Println(<-ro)
}

func main() {
	order()
	many()
	fair()
	timers()
	nils()
}
