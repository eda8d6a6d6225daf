// Tens of thousands of timers while collections come and go: those that call functions are
// kept alive by that, those with channels that nobody has are dropped, due or not.
package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	calls   = 20000
	dropped = 10000
	resets  = 2000
	magic   = 0x5bd1e995
)

type payload struct {
	number, check int
	rest          [6]int
}

func fresh(i int) *payload { return &payload{number: i, check: i * magic} }

var (
	wrong atomic.Int32
	sink  []*payload
)

func (p *payload) verify() {
	if p.check != p.number*magic {
		wrong.Add(1)
	}
}

// after starts timers whose functions are all that leads to their payloads.
func after(fired *sync.WaitGroup) {
	for i := range calls {
		p := fresh(i)
		fired.Add(1)
		time.AfterFunc(time.Duration(i%200)*time.Millisecond, func() {
			p.verify()
			fired.Done()
		})
	}
}

// drop starts timers and tickers that nobody waits for; some are due soon.
func drop() {
	for i := range dropped {
		d := time.Duration(i%50) * time.Millisecond
		if i%3 == 0 {
			time.NewTicker(d + 200*time.Millisecond)
		} else {
			time.NewTimer(d)
		}
	}
}

// again stops and resets timers, whose handles are lost then.
func again(fired *sync.WaitGroup) {
	for i := range resets {
		p := fresh(i)
		fired.Add(1)
		t := time.AfterFunc(time.Hour, func() {
			p.verify()
			fired.Done()
		})
		if i%2 == 0 {
			t.Stop()
			runtime.Gosched()
		}
		t.Reset(time.Duration(i%100) * time.Millisecond)
	}
}

// wait has goroutines wait for channels of timers.
func wait(fired *sync.WaitGroup) {
	for i := range resets {
		fired.Go(func() {
			p := fresh(i)
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i%80)*time.Millisecond)
			defer cancel()
			select {
			case <-ctx.Done():
			case <-time.After(time.Duration(i%60) * time.Millisecond):
			}
			p.verify()
		})
	}
}

func main() {
	stop := make(chan bool)
	var fired, others sync.WaitGroup
	others.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			sink = nil
			for j := range 2000 {
				sink = append(sink, fresh(j))
			}
			time.Sleep(100 * time.Microsecond)
		}
	})
	for range 3 {
		after(&fired)
		drop()
		again(&fired)
		wait(&fired)
		runtime.GC()
		fired.Wait()
	}
	close(stop)
	others.Wait()
	fmt.Println("wrong", wrong.Load())
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("left", m.HeapObjects < 20000)
}
