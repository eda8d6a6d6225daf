// select: with a ready case, with a default, between two goroutines.
package main

import "bench/measure"

func main() {
	const n = 100_000
	ready := make(chan int, 1)
	never := make(chan int)
	measure.Row("select, ready", n, func() uint64 {
		sum := 0
		for i := range n {
			ready <- i
			select {
			case x := <-ready:
				sum += x
			case x := <-never:
				sum -= x
			}
		}
		return uint64(sum)
	})
	measure.Row("select, default", n, func() uint64 {
		missed := 0
		for range n {
			select {
			case <-never:
			case never <- 1:
			default:
				missed++
			}
		}
		return uint64(missed)
	})
	measure.Row("select, ping-pong", n/5, func() uint64 {
		there, back, stop := make(chan int), make(chan int), make(chan struct{})
		go func() {
			for {
				select {
				case x := <-there:
					back <- x * 2
				case <-stop:
					close(back)
					return
				}
			}
		}()
		sum := 0
		for i := range n / 5 {
			select {
			case there <- i:
			case <-stop:
			}
			sum += <-back
		}
		close(stop)
		<-back
		return uint64(sum)
	})
}
