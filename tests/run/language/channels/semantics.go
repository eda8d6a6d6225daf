// Channels: buffers, directions, nil, closing, values of every size, order, channels of
// channels, comparison, len and cap, range, results of receive.
package main

import (
	"fmt"
	"sync"
)

type big struct {
	data [50]int
	s    string
}

func produce(n int, out chan<- int) {
	defer close(out)
	for i := range n {
		out <- i
	}
}
func square(in <-chan int, out chan<- int) {
	defer close(out)
	for v := range in {
		out <- v * v
	}
}
func merge[T any](cs ...<-chan T) <-chan T {
	out := make(chan T)
	var wg sync.WaitGroup
	for _, c := range cs {
		wg.Go(func() {
			for v := range c {
				out <- v
			}
		})
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

func sieve(n int) (primes []int) {
	c := make(chan int)
	go func(first chan<- int) {
		for i := 2; ; i++ {
			first <- i
		}
	}(c)
	for range n {
		p := <-c
		primes = append(primes, p)
		next := make(chan int)
		go func(in <-chan int) {
			for v := range in {
				if v%p != 0 {
					next <- v
				}
			}
		}(c)
		c = next
	}
	return primes
}

func main() {
	a, b := make(chan int), make(chan int, 3)
	go produce(5, a)
	go square(a, b)
	for v := range b {
		fmt.Print(v, " ")
	}
	fmt.Println()
	bc := make(chan big, 2)
	x := big{s: "x"}
	x.data[49] = 9
	bc <- x
	x.s = "changed"
	bc <- x
	y := <-bc
	fmt.Println(y.s, y.data[49], (<-bc).s, len(bc), cap(bc))
	empty := make(chan struct{}, 1)
	empty <- struct{}{}
	fmt.Println(<-empty, len(empty))
	cc := make(chan chan string, 1)
	reply := make(chan string, 1)
	cc <- reply
	(<-cc) <- "through"
	fmt.Println(<-reply)
	close(reply)
	v, ok := <-reply
	fmt.Printf("%q %v\n", v, ok)
	var ro <-chan string = reply
	var so chan<- string = reply
	var none chan string
	fmt.Println(ro == reply, none == nil, reply == none, any(ro) == any(reply), cap(so))
	fns := make(chan func(int) int, 1)
	fns <- func(n int) int { return n + 1 }
	fmt.Println((<-fns)(1))
	errs := make(chan error, 2)
	errs <- nil
	errs <- fmt.Errorf("e")
	fmt.Println(<-errs, <-errs)
	c1, c2 := make(chan int), make(chan int)
	go produce(50, c1)
	go produce(100, c2)
	sum, count := 0, 0
	for v := range merge[int](c1, c2) {
		sum += v
		count++
	}
	fmt.Println(sum, count)
	fmt.Println(sieve(15))
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
		close(pong)
	}()
	n := 0
	for range 1000 {
		ping <- n
		n = <-pong
	}
	close(ping)
	_, open := <-pong
	fmt.Println(n, open)
	order := make(chan int, 10)
	for i := range 10 {
		order <- i
	}
	close(order)
	for i := 0; i < 10; i++ {
		if v := <-order; v != i {
			fmt.Println("out of order")
		}
	}
	fmt.Println(<-order)
}
