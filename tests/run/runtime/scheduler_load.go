// The scheduler under odd loads: bursts of goroutines, deep trees of them, queues that
// overflow, goroutines that hand their processor on, and all of it with GOMAXPROCS of 1 to 8.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// burst starts many at once from one goroutine: more than a P's queue holds.
func burst(n int) int64 {
	var ran atomic.Int64
	var all sync.WaitGroup
	for range n {
		all.Go(func() { ran.Add(1) })
	}
	all.Wait()
	return ran.Load()
}

// tree starts goroutines from goroutines.
func tree(depth int) int {
	if depth == 0 {
		return 1
	}
	left, right := make(chan int), make(chan int)
	go func() { left <- tree(depth - 1) }()
	go func() { right <- tree(depth - 1) }()
	return <-left + <-right
}

// ring passes tokens around.
func ring(n, tokens, rounds int) int {
	first := make(chan int, tokens)
	in := first
	for range n - 1 {
		from, out := in, make(chan int, tokens)
		go func() {
			for v := range from {
				out <- v + 1
			}
			close(out)
		}()
		in = out
	}
	for range tokens {
		first <- 0
	}
	sum := 0
	for range rounds * tokens {
		v := <-in
		sum += v
		first <- 0
	}
	for range tokens {
		<-in
	}
	close(first)
	if _, ok := <-in; ok {
		fmt.Println("one too many")
	}
	return sum
}

// barrier has everybody wait for everybody, again and again.
func barrier(n, rounds int) int {
	var mutex sync.Mutex
	cond := sync.NewCond(&mutex)
	arrived, round := 0, 0
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for range rounds {
				mutex.Lock()
				mine := round
				if arrived++; arrived == n {
					arrived = 0
					round++
					cond.Broadcast()
				}
				for mine == round {
					cond.Wait()
				}
				mutex.Unlock()
			}
		})
	}
	all.Wait()
	return round
}

// yields counts turns: nobody is forgotten.
func yields(n, turns int) bool {
	var all sync.WaitGroup
	counts := make([]int, n)
	for i := range n {
		all.Go(func() {
			for range turns {
				counts[i]++
				runtime.Gosched()
			}
		})
	}
	all.Wait()
	for _, c := range counts {
		if c != turns {
			return false
		}
	}
	return true
}

// alternating has two goroutines that can only go on by turns, beside busy ones.
func alternating(turns int) int {
	var stop atomic.Bool
	var busy sync.WaitGroup
	for range 3 {
		busy.Go(func() {
			for !stop.Load() {
			}
		})
	}
	var turn atomic.Int32
	var pair sync.WaitGroup
	total := 0
	for who := range int32(2) {
		pair.Go(func() {
			for range turns {
				for turn.Load() != who {
					runtime.Gosched()
				}
				total++
				turn.Store(1 - who)
			}
		})
	}
	pair.Wait()
	stop.Store(true)
	busy.Wait()
	return total
}

// reuse has goroutines of all ages: stacks of ended ones are used again.
func reuse() int {
	var deep func(n int, a [64]int) int
	deep = func(n int, a [64]int) int {
		if n == 0 {
			return a[0]
		}
		a[n&63]++
		return deep(n-1, a) + 1
	}
	sum := 0
	for i := range 50 {
		c := make(chan int)
		for range 10 {
			go func() { c <- deep(i*4, [64]int{}) }()
		}
		for range 10 {
			sum += <-c
		}
	}
	return sum
}

func sleepers(n int) int64 {
	var woken atomic.Int64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			time.Sleep(time.Duration(i%10) * 100 * time.Microsecond)
			woken.Add(1)
		})
	}
	all.Wait()
	return woken.Load()
}

func main() {
	for _, procs := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(procs)
		fmt.Println("procs", procs)
		fmt.Println(burst(100), burst(5000), burst(50_000))
		fmt.Println(tree(12))
		fmt.Println(ring(100, 1, 10), ring(50, 20, 20))
		fmt.Println(barrier(40, 50))
		fmt.Println(yields(300, 50))
		fmt.Println(alternating(20))
		fmt.Println(reuse())
		fmt.Println(sleepers(2000))
	}
	for range 1000 {
		if runtime.NumGoroutine() == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("left:", runtime.NumGoroutine())
}
