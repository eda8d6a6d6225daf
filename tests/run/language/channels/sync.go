// Memory that channels, mutexes, wait groups, once and atomics order: sums always come out.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, n int) {
	from.mu.Lock()
	from.balance -= n
	from.mu.Unlock()
	to.mu.Lock()
	to.balance += n
	to.mu.Unlock()
}

func main() {
	accounts := make([]*account, 5)
	for i := range accounts {
		accounts[i] = &account{balance: 100}
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			for j := range 100 {
				transfer(accounts[(i+j)%5], accounts[(i*3+j*7)%5], j%10)
			}
		})
	}
	wg.Wait()
	total := 0
	for _, a := range accounts {
		total += a.balance
	}
	fmt.Println(total)
	var n atomic.Int64
	var flag atomic.Bool
	var ptr atomic.Pointer[string]
	var once sync.Once
	var rw sync.RWMutex
	table := map[int]int{}
	for i := range 50 {
		wg.Go(func() {
			n.Add(int64(i))
			once.Do(func() { s := "set once"; ptr.Store(&s); flag.Store(true) })
			rw.Lock()
			table[i%10] += i
			rw.Unlock()
			rw.RLock()
			_ = table[i%10]
			rw.RUnlock()
		})
	}
	wg.Wait()
	fmt.Println(n.Load(), *ptr.Load(), flag.Load(), len(table), table[3])
	cond := sync.NewCond(&sync.Mutex{})
	queue := []int{}
	result := make(chan int)
	for range 3 {
		go func() {
			sum := 0
			for {
				cond.L.Lock()
				for len(queue) == 0 {
					cond.Wait()
				}
				v := queue[0]
				queue = queue[1:]
				cond.L.Unlock()
				if v < 0 {
					result <- sum
					return
				}
				sum += v
			}
		}()
	}
	for i := range 100 {
		cond.L.Lock()
		queue = append(queue, i)
		cond.L.Unlock()
		cond.Signal()
	}
	cond.L.Lock()
	queue = append(queue, -1, -1, -1)
	cond.L.Unlock()
	cond.Broadcast()
	fmt.Println(<-result + <-result + <-result)
	var m sync.Map
	for i := range 10 {
		m.LoadOrStore(i%5, i)
	}
	sum := 0
	m.Range(func(k, v any) bool { sum += k.(int)*10 + v.(int); return true })
	fmt.Println(sum)
	sem := make(chan struct{}, 3)
	var running, most atomic.Int32
	for range 30 {
		wg.Go(func() {
			sem <- struct{}{}
			defer func() { <-sem }()
			r := running.Add(1)
			for {
				old := most.Load()
				if r <= old || most.CompareAndSwap(old, r) {
					break
				}
			}
			running.Add(-1)
		})
	}
	wg.Wait()
	fmt.Println(most.Load() <= 3, running.Load())
}
