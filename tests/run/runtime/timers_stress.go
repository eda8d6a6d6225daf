// Timers under stress: a million pending, stopped and reset by others while they fire, and
// the rules of their channels since Go 1.23.
package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func million() {
	const n = 1_000_000
	timers := make([]*time.Timer, n)
	var fired atomic.Int64
	for i := range timers {
		timers[i] = time.AfterFunc(time.Hour+time.Duration(i*7919%n)*time.Millisecond, func() { fired.Add(1) })
	}
	stopped := 0
	for i := 0; i < n; i += 2 {
		if timers[i].Stop() {
			stopped++
		}
	}
	again := 0
	for i := 0; i < n; i += 2 {
		if timers[i].Stop() {
			again++
		}
	}
	fmt.Println("stopped", stopped, again, fired.Load())
	var all sync.WaitGroup
	all.Add(n / 2)
	active := 0
	for i := 1; i < n; i += 2 {
		timers[i].Stop()
		timers[i] = time.AfterFunc(time.Hour, func() { fired.Add(1); all.Done() })
		if timers[i].Reset(time.Duration(i%100) * time.Microsecond) {
			active++
		}
	}
	all.Wait()
	fmt.Println("fired", fired.Load(), "were active or late:", active <= n/2)
	runtime.GC()
}

func channels() {
	t := time.NewTimer(time.Millisecond)
	fmt.Println(cap(t.C), len(t.C))
	time.Sleep(5 * time.Millisecond)
	fmt.Println("due", len(t.C))
	fmt.Println("stop says", t.Stop())
	select {
	case <-t.C:
		fmt.Println("a stale value")
	default:
		fmt.Println("nothing after Stop")
	}
	t.Reset(time.Millisecond)
	time.Sleep(5 * time.Millisecond)
	fmt.Println("reset says", t.Reset(time.Hour))
	select {
	case <-t.C:
		fmt.Println("a stale value")
	default:
		fmt.Println("nothing after Reset")
	}
	t.Reset(0)
	<-t.C
	fmt.Println("once:", t.Stop())
	k := time.NewTicker(2 * time.Millisecond)
	time.Sleep(15 * time.Millisecond)
	<-k.C
	k.Reset(time.Hour)
	select {
	case <-k.C:
		fmt.Println("a stale tick")
	default:
		fmt.Println("no tick after Reset")
	}
	k.Stop()
	k.Reset(time.Millisecond)
	<-k.C
	<-k.C
	k.Stop()
	select {
	case <-k.C:
		fmt.Println("a stale tick")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("no tick after Stop")
	}
	var zero time.Timer
	func() {
		defer func() { fmt.Println(recover()) }()
		zero.Stop()
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		zero.Reset(1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		time.NewTicker(0)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		k.Reset(-1)
	}()
	fmt.Println(time.Tick(-1) == nil)
	for _, d := range []time.Duration{-1 << 63, -1, 0} {
		<-time.NewTimer(d).C
		time.Sleep(d)
	}
	far := time.NewTimer(1<<63 - 1)
	fmt.Println(far.Stop())
}

// churn resets and stops timers of others while they fire. A timer's channel never holds
// more than one value, and a function runs at most once for each (re)start.
func churn() {
	const n, workers = 200, 8
	var starts, runs atomic.Int64
	timers := make([]*time.Timer, n)
	for i := range timers {
		starts.Add(1)
		timers[i] = time.AfterFunc(time.Duration(i)*time.Microsecond, func() { runs.Add(1) })
	}
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			x := uint32(w + 1)
			for range 20000 {
				x = x*1664525 + 1013904223
				t := timers[x>>8%n]
				if x>>20%3 == 0 {
					t.Stop()
				} else {
					starts.Add(1)
					t.Reset(time.Duration(x>>12%50) * time.Microsecond)
				}
			}
		})
	}
	all.Wait()
	for _, t := range timers {
		t.Stop()
	}
	time.Sleep(20 * time.Millisecond)
	fmt.Println("churn:", runs.Load() > 0, runs.Load() <= starts.Load())

	var wrong atomic.Int64
	shared := time.NewTimer(time.Microsecond)
	for w := range workers {
		all.Go(func() {
			for i := range 3000 {
				switch (i + w) % 4 {
				case 0:
					shared.Reset(time.Duration(i%20) * time.Microsecond)
				case 1:
					shared.Stop()
				default:
					select {
					case at := <-shared.C:
						if at.After(time.Now()) {
							wrong.Add(1)
						}
					case <-time.After(30 * time.Microsecond):
					}
				}
			}
		})
	}
	all.Wait()
	shared.Stop()
	fmt.Println("shared:", wrong.Load(), len(shared.C))
}

func contexts() {
	var all sync.WaitGroup
	var ended, cancelled atomic.Int64
	root, stop := context.WithCancel(context.Background())
	for i := range 2000 {
		all.Go(func() {
			ctx, cancel := context.WithTimeoutCause(root, time.Duration(i%40)*time.Millisecond, fmt.Errorf("cause %d", i))
			defer cancel()
			child, cancelChild := context.WithDeadline(ctx, time.Now().Add(time.Hour))
			defer cancelChild()
			if i%3 == 0 {
				cancel()
			}
			<-child.Done()
			switch child.Err() {
			case context.DeadlineExceeded:
				if context.Cause(child).Error() != fmt.Sprint("cause ", i) {
					fmt.Println("cause", context.Cause(child))
				}
				ended.Add(1)
			case context.Canceled:
				cancelled.Add(1)
			}
		})
	}
	all.Wait()
	stop()
	fmt.Println("contexts:", ended.Load()+cancelled.Load())
}

func unreferenced() {
	// Timers and tickers that nothing refers to are garbage.
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 100_000 {
		time.NewTicker(time.Hour)
		time.NewTimer(time.Hour)
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	fmt.Println("grown:", after.HeapAlloc > before.HeapAlloc+8<<20)
}

func main() {
	channels()
	churn()
	contexts()
	unreferenced()
	million()
}
