// sync: Mutex, RWMutex, Cond, Once*, Map, Pool, WaitGroup under contention.
package main

import (
	"fmt"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
)

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range 50 {
		wg.Go(func() {
			for range 500 {
				mu.Lock()
				n++
				if n%97 == 0 {
					runtime.Gosched()
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(n, mu.TryLock(), mu.TryLock())
	mu.Unlock()

	var rw sync.RWMutex
	m := map[int]int{}
	var bad atomic.Int32
	for w := range 4 {
		wg.Go(func() {
			for i := range 300 {
				rw.Lock()
				m[i] += w
				m[i+1000] = m[i]
				rw.Unlock()
			}
		})
	}
	for range 12 {
		wg.Go(func() {
			for i := range 300 {
				rw.RLock()
				if m[i] != m[i+1000] {
					bad.Add(1)
				}
				rw.RUnlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(bad.Load(), m[299], rw.TryRLock(), rw.TryLock())
	rw.RUnlock()
	fmt.Println(rw.TryLock(), rw.TryRLock())
	rw.Unlock()
	l := rw.RLocker()
	l.Lock()
	l.Unlock()

	// A bounded queue with two conditions.
	var (
		qmu            sync.Mutex
		notEmpty       = sync.NewCond(&qmu)
		notFull        = sync.NewCond(&qmu)
		queue          []int
		got            = make([]int, 8)
		producers, sum = 5, 0
	)
	left := producers
	for p := range producers {
		wg.Go(func() {
			for i := range 200 {
				qmu.Lock()
				for len(queue) >= 3 {
					notFull.Wait()
				}
				queue = append(queue, p*1000+i)
				notEmpty.Signal()
				qmu.Unlock()
			}
			qmu.Lock()
			left--
			notEmpty.Broadcast()
			qmu.Unlock()
		})
	}
	for c := range got {
		wg.Go(func() {
			for {
				qmu.Lock()
				for len(queue) == 0 && left > 0 {
					notEmpty.Wait()
				}
				if len(queue) == 0 {
					qmu.Unlock()
					return
				}
				got[c] += queue[0]
				queue = queue[1:]
				notFull.Signal()
				qmu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, g := range got {
		sum += g
	}
	fmt.Println(sum)

	var once sync.Once
	var ran atomic.Int32
	for range 100 {
		wg.Go(func() { once.Do(func() { ran.Add(1); runtime.Gosched() }) })
	}
	wg.Wait()
	fmt.Println(ran.Load())
	var once2 sync.Once
	try("once", func() { once2.Do(func() { panic("in once") }) })
	once2.Do(func() { fmt.Println("never") })
	f := sync.OnceFunc(func() { panic("oncefunc") })
	try("f1", f)
	try("f2", f)
	v := sync.OnceValue(func() int { ran.Add(1); return 42 })
	fmt.Println(v(), v(), ran.Load())
	fmt.Println(sync.OnceValues(func() (string, error) { return "a", nil })())

	var sm sync.Map
	for w := range 10 {
		wg.Go(func() {
			for i := range 200 {
				sm.Store(i, w)
				sm.LoadOrStore(fmt.Sprint(i%50), i)
				if i%3 == 0 {
					sm.LoadAndDelete(i)
				}
				if i%5 == 0 {
					sm.Swap(i, "s")
				}
			}
		})
	}
	wg.Wait()
	var keys []string
	sm.Range(func(k, v any) bool {
		if s, ok := k.(string); ok {
			keys = append(keys, s)
		}
		return true
	})
	sort.Strings(keys)
	fmt.Println(len(keys), keys[:3])
	sm.Clear()
	_, ok := sm.Load(1)
	fmt.Println(ok)
	fmt.Println(sm.LoadOrStore("k", 1))
	fmt.Println(sm.LoadOrStore("k", 2))
	fmt.Println(sm.CompareAndSwap("k", 1, 3), sm.CompareAndSwap("k", 1, 4), sm.CompareAndDelete("k", 9), sm.CompareAndDelete("k", 3))
	try("swap", func() { sm.Store("f", []int{}); sm.CompareAndSwap("f", []int{}, 1) })

	pool := sync.Pool{New: func() any { return new([64]byte) }}
	for range 20 {
		wg.Go(func() {
			for i := range 200 {
				b := pool.Get().(*[64]byte)
				b[0] = byte(i)
				pool.Put(b)
			}
		})
	}
	wg.Wait()
	runtime.GC()
	runtime.GC()
	fmt.Println(pool.Get() != nil, (&sync.Pool{}).Get())

	try("wg", func() { var w sync.WaitGroup; w.Add(-1) })
	try("cond", func() {
		c := sync.NewCond(&mu)
		d := *c
		c.Signal()
		d.Signal()
	})
	var barrier sync.WaitGroup
	barrier.Add(1)
	var order atomic.Int32
	for range 30 {
		wg.Go(func() { barrier.Wait(); order.Add(1) })
	}
	fmt.Println(order.Load())
	barrier.Done()
	wg.Wait()
	fmt.Println(order.Load())
}
