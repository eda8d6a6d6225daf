// Claim: a counter that goroutines raise and lower by a defer needs a lock or an atomic
// operation; then it comes back to zero, and its maximum is bounded.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type guarded struct {
	sync.Mutex
	now, most int
}

func (g *guarded) enter() func() {
	g.Lock()
	defer g.Unlock()
	g.now++
	g.most = max(g.most, g.now)
	return func() {
		g.Lock()
		defer g.Unlock()
		g.now--
	}
}

func main() {
	const workers = 50
	var (
		g      guarded
		active atomic.Int64
		total  atomic.Int64
		wg     sync.WaitGroup
	)
	for range workers {
		wg.Go(func() {
			for range 20 {
				func() {
					defer g.enter()()
					active.Add(1)
					total.Add(1)
					defer active.Add(-1)
				}()
			}
		})
	}
	wg.Wait()
	fmt.Println("left:", g.now, active.Load())
	fmt.Println("total:", total.Load())
	fmt.Println("bounded:", g.most >= 1 && g.most <= workers)
}
