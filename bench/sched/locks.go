// Locks, free and contended.
package main

import (
	"sync"

	"bench/measure"
)

func main() {
	const n = 200_000
	measure.Row("Mutex, free", n, func() uint64 {
		var lock sync.Mutex
		count := 0
		for range n {
			lock.Lock()
			count++
			lock.Unlock()
		}
		return uint64(count)
	})
	measure.Row("RWMutex, free readers", n, func() uint64 {
		var lock sync.RWMutex
		count := 0
		for range n {
			lock.RLock()
			count++
			lock.RUnlock()
		}
		return uint64(count)
	})
	measure.Row("Mutex, 8 contend", n, func() uint64 {
		var lock sync.Mutex
		var all sync.WaitGroup
		count := 0
		for range 8 {
			all.Go(func() {
				for range n / 8 {
					lock.Lock()
					count++
					lock.Unlock()
				}
			})
		}
		all.Wait()
		return uint64(count)
	})
	measure.Row("Cond, hand over", n/10, func() uint64 {
		var lock sync.Mutex
		turn := sync.NewCond(&lock)
		mine := false
		var done sync.WaitGroup
		done.Go(func() {
			for range n / 20 {
				lock.Lock()
				for !mine {
					turn.Wait()
				}
				mine = false
				turn.Signal()
				lock.Unlock()
			}
		})
		for range n / 20 {
			lock.Lock()
			for mine {
				turn.Wait()
			}
			mine = true
			turn.Signal()
			lock.Unlock()
		}
		done.Wait()
		return n
	})
}
