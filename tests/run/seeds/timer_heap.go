// Claim: sleeping is a timer in a heap ordered by its time, whose callback makes the
// sleeper runnable. A model of that on a clock of our own, with real goroutines.
package main

import (
	"container/heap"
	"fmt"
	"sync"
)

type timer struct {
	when  int64
	order int
	f     func(arg any)
	arg   any
}

type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }
func (h timerHeap) Less(i, j int) bool {
	if h[i].when != h[j].when {
		return h[i].when < h[j].when
	}
	return h[i].order < h[j].order
}
func (h timerHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *timerHeap) Push(x any)   { *h = append(*h, x.(*timer)) }
func (h *timerHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

type clock struct {
	mu     sync.Mutex
	now    int64
	count  int
	timers timerHeap
}

func (c *clock) add(d int64, f func(any), arg any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	heap.Push(&c.timers, &timer{c.now + d, c.count, f, arg})
	c.count++
}

// sleep parks its goroutine until the clock is there.
func (c *clock) sleep(d int64, asleep *sync.WaitGroup) {
	if d <= 0 {
		asleep.Done()
		return
	}
	woken := make(chan struct{})
	c.add(d, func(arg any) { close(arg.(chan struct{})) }, woken)
	asleep.Done()
	<-woken
}

// step goes to the next timer and runs it.
func (c *clock) step() bool {
	c.mu.Lock()
	if len(c.timers) == 0 {
		c.mu.Unlock()
		return false
	}
	t := heap.Pop(&c.timers).(*timer)
	c.now = t.when
	c.mu.Unlock()
	t.f(t.arg)
	return true
}

func main() {
	c := &clock{}
	var asleep sync.WaitGroup
	woke := make(chan string)
	for _, d := range []int64{50, 10, 0, 30, 20, 40} {
		asleep.Add(1)
		go func() {
			c.sleep(d, &asleep)
			woke <- fmt.Sprintf("sleeper of %d at %d", d, c.now)
		}()
	}
	asleep.Wait()
	fmt.Println(<-woke)
	for c.step() {
		fmt.Println(<-woke)
	}
	for i := range 5 {
		c.add(int64(i%2), func(arg any) { fmt.Println("timer", arg, "at", c.now) }, i)
	}
	for c.step() {
	}
}
