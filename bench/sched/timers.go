// Timers made, stopped and reset, contexts with a deadline, and how late sleepers wake.
package main

import (
	"context"
	"sync"
	"time"

	"bench/measure"
)

func lateness(sleepers int) []time.Duration {
	late := make([]time.Duration, sleepers)
	var all sync.WaitGroup
	for i := range late {
		all.Go(func() {
			length := time.Duration(20+i%50) * time.Millisecond
			before := time.Now()
			time.Sleep(length)
			late[i] = time.Since(before) - length
		})
	}
	all.Wait()
	return late
}

func main() {
	const n = 10_000
	measure.Row("AfterFunc and Stop", n, func() uint64 {
		stopped := 0
		for range n {
			if time.AfterFunc(time.Hour, func() {}).Stop() {
				stopped++
			}
		}
		return uint64(stopped)
	})
	timers := make([]*time.Timer, n)
	for i := range timers {
		timers[i] = time.NewTimer(time.Hour)
	}
	measure.Row("10000 timers reset", n, func() uint64 {
		active := 0
		for i, t := range timers {
			if t.Reset(time.Hour + time.Duration(i*7919%n)*time.Second) {
				active++
			}
		}
		return uint64(active)
	})
	for _, t := range timers {
		t.Stop()
	}
	measure.Row("context.WithTimeout", n, func() uint64 {
		ended := 0
		for range n {
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			cancel()
			if ctx.Err() != nil {
				ended++
			}
		}
		return uint64(ended)
	})
	if measure.Wanted("10000 sleepers late") {
		lateness(n)
		late := lateness(n)
		measure.Value("10000 sleepers late, p50", float64(measure.Percentile(late, 50)))
		measure.Value("10000 sleepers late, p99", float64(measure.Percentile(late, 99)))
	}
}
