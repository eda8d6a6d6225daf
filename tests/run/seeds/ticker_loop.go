// Claim: periodic work belongs to a ticker and a select with a channel to end it, not to
// a loop with a sleep; the ticker is stopped by a defer.
package main

import (
	"context"
	"fmt"
	"time"
)

func worker(every time.Duration, done <-chan struct{}, work func() bool) string {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if !work() {
				return "no more work"
			}
		case <-done:
			return "told to end"
		}
	}
}

func throttled(ctx context.Context, every time.Duration, work func()) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			work()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func main() {
	left := 5
	fmt.Println(worker(time.Millisecond, nil, func() bool {
		left--
		fmt.Println("left:", left)
		return left > 0
	}))
	closed := make(chan struct{})
	close(closed)
	fmt.Println(worker(time.Hour, closed, nil))

	ctx, cancel := context.WithCancelCause(context.Background())
	calls := 0
	err := throttled(ctx, time.Millisecond, func() {
		if calls++; calls == 3 {
			cancel(fmt.Errorf("enough after %d calls", calls))
		}
	})
	fmt.Println(err, calls >= 3, ctx.Err())

	ticker := time.NewTicker(time.Hour)
	ticker.Reset(time.Millisecond)
	<-ticker.C
	ticker.Stop()
	select {
	case <-ticker.C:
		fmt.Println("a stopped ticker ticks")
	default:
		fmt.Println("a stopped ticker is silent")
	}
}
