// Semaphores, barriers, latches, rate limits and read-write patterns made from channels and locks.
package main

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// weighted is a semaphore whose waiters are served in order.
type weighted struct {
	mu      sync.Mutex
	size    int64
	cur     int64
	waiters list.List
}
type waiter struct {
	n     int64
	ready chan struct{}
}

func (s *weighted) Acquire(ctx context.Context, n int64) error {
	s.mu.Lock()
	if s.size-s.cur >= n && s.waiters.Len() == 0 {
		s.cur += n
		s.mu.Unlock()
		return nil
	}
	w := waiter{n, make(chan struct{})}
	e := s.waiters.PushBack(w)
	s.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		select {
		case <-w.ready:
			return nil
		default:
			s.waiters.Remove(e)
			s.notify()
			return ctx.Err()
		}
	}
}
func (s *weighted) Release(n int64) {
	s.mu.Lock()
	s.cur -= n
	s.notify()
	s.mu.Unlock()
}
func (s *weighted) notify() {
	for e := s.waiters.Front(); e != nil; e = s.waiters.Front() {
		w := e.Value.(waiter)
		if s.size-s.cur < w.n {
			return
		}
		s.cur += w.n
		s.waiters.Remove(e)
		close(w.ready)
	}
}

type barrier struct {
	mu    sync.Mutex
	cond  *sync.Cond
	n     int
	count int
	phase int
}

func (b *barrier) Wait() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	phase := b.phase
	b.count++
	if b.count == b.n {
		b.count, b.phase = 0, b.phase+1
		b.cond.Broadcast()
	}
	for phase == b.phase {
		b.cond.Wait()
	}
	return b.phase
}

type pubsub struct {
	mu   sync.RWMutex
	subs map[string][]chan string
}

func (p *pubsub) Subscribe(topic string) <-chan string {
	c := make(chan string, 8)
	p.mu.Lock()
	p.subs[topic] = append(p.subs[topic], c)
	p.mu.Unlock()
	return c
}
func (p *pubsub) Publish(topic, msg string) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, c := range p.subs[topic] {
		c <- msg
	}
}
func (p *pubsub) Close() {
	for _, l := range p.subs {
		for _, c := range l {
			close(c)
		}
	}
}

func main() {
	s := &weighted{size: 10}
	var wg sync.WaitGroup
	var inUse, peak, done atomic.Int64
	for i := range 300 {
		wg.Go(func() {
			n := int64(i%4 + 1)
			if err := s.Acquire(context.Background(), n); err != nil {
				fmt.Println(err)
			}
			now := inUse.Add(n)
			for p := peak.Load(); now > p && !peak.CompareAndSwap(p, now); p = peak.Load() {
			}
			time.Sleep(10 * time.Microsecond)
			inUse.Add(-n)
			s.Release(n)
			done.Add(1)
		})
	}
	wg.Wait()
	fmt.Println(done.Load(), peak.Load() <= 10, s.cur)
	s.Acquire(context.Background(), 10)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	err := s.Acquire(ctx, 1)
	cancel()
	fmt.Println(errors.Is(err, context.DeadlineExceeded), s.waiters.Len())
	s.Release(10)

	b := &barrier{n: 8}
	b.cond = sync.NewCond(&b.mu)
	var sums [20]atomic.Int64
	var wrong atomic.Int64
	for w := range 8 {
		wg.Go(func() {
			for r := range sums {
				sums[r].Add(int64(w))
				b.Wait()
				if sums[r].Load() != 28 {
					wrong.Add(1)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(wrong.Load(), b.phase)

	p := &pubsub{subs: map[string][]chan string{}}
	var got atomic.Int64
	for i := range 20 {
		c := p.Subscribe(fmt.Sprint("t", i%3))
		wg.Go(func() {
			for m := range c {
				got.Add(int64(len(m)))
			}
		})
	}
	var pubs sync.WaitGroup
	for i := range 30 {
		pubs.Go(func() { p.Publish(fmt.Sprint("t", i%3), "12345") })
	}
	pubs.Wait()
	p.Close()
	wg.Wait()
	fmt.Println(got.Load())

	// Dining philosophers with ordered forks.
	forks := make([]sync.Mutex, 7)
	meals := make([]int, 7)
	for i := range forks {
		wg.Go(func() {
			a, b := i, (i+1)%7
			if a > b {
				a, b = b, a
			}
			for range 500 {
				forks[a].Lock()
				forks[b].Lock()
				meals[i]++
				forks[b].Unlock()
				forks[a].Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(meals)
	// A latch, futures, and single flight.
	type call struct {
		wg  sync.WaitGroup
		val int
	}
	var mu sync.Mutex
	calls := map[string]*call{}
	var executed atomic.Int32
	gate := make(chan bool)
	do := func(key string, f func() int) int {
		mu.Lock()
		if c, ok := calls[key]; ok {
			mu.Unlock()
			c.wg.Wait()
			return c.val
		}
		c := new(call)
		c.wg.Add(1)
		calls[key] = c
		mu.Unlock()
		c.val = f()
		c.wg.Done()
		return c.val
	}
	var total atomic.Int64
	for range 50 {
		wg.Go(func() {
			total.Add(int64(do("k", func() int { executed.Add(1); <-gate; return 7 })))
		})
	}
	close(gate)
	wg.Wait()
	fmt.Println(executed.Load(), total.Load())
	// A token bucket with a ticker.
	tokens := make(chan struct{}, 3)
	stop := make(chan struct{})
	wg.Go(func() {
		t := time.NewTicker(100 * time.Microsecond)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				select {
				case tokens <- struct{}{}:
				default:
				}
			case <-stop:
				return
			}
		}
	})
	for range 20 {
		<-tokens
	}
	close(stop)
	wg.Wait()
	fmt.Println(len(tokens) <= 3)
}
