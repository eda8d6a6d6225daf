// Values passed through channels.
package main

import (
	"sync"

	"bench/measure"
)

func pingPong(rounds int) uint64 {
	there, back := make(chan int), make(chan int)
	go func() {
		for x := range there {
			back <- x + 1
		}
		close(back)
	}()
	sum := 0
	for i := range rounds {
		there <- i
		sum += <-back
	}
	close(there)
	<-back
	return uint64(sum)
}

func buffered(values int) uint64 {
	c := make(chan int, 128)
	go func() {
		for i := range values {
			c <- i
		}
		close(c)
	}()
	sum := 0
	for x := range c {
		sum += x
	}
	return uint64(sum)
}

func crowd(producers, consumers, each int) uint64 {
	c := make(chan int, 64)
	sums := make(chan int, consumers)
	var sending sync.WaitGroup
	for range producers {
		sending.Go(func() {
			for i := range each {
				c <- i
			}
		})
	}
	for range consumers {
		go func() {
			sum := 0
			for x := range c {
				sum += x
			}
			sums <- sum
		}()
	}
	sending.Wait()
	close(c)
	total := 0
	for range consumers {
		total += <-sums
	}
	return uint64(total)
}

func ring(size, laps int) uint64 {
	first := make(chan int)
	from := first
	for range size - 1 {
		to := make(chan int)
		go func(in, out chan int) {
			for x := range in {
				out <- x + 1
			}
			close(out)
		}(from, to)
		from = to
	}
	x := 0
	for range laps {
		first <- x
		x = <-from
	}
	close(first)
	<-from
	return uint64(x)
}

func main() {
	const n = 20_000
	measure.Row("ping-pong", n, func() uint64 { return pingPong(n) })
	measure.Row("buffered channel", 5*n, func() uint64 { return buffered(5 * n) })
	measure.Row("4x4 producers and consumers", 4*n, func() uint64 { return crowd(4, 4, n) })
	measure.Row("ring of 1000", 1000*20, func() uint64 { return ring(1000, 20) })
}
