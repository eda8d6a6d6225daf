// Timers with channels in bubbles of testing/synctest: the clock moves on for those that
// somebody waits for, and past the others.
package main

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func since(start time.Time, c <-chan time.Time) time.Duration { return (<-c).Sub(start) }

func unwatched(t *testing.T) {
	start := time.Now()
	k, once := time.NewTicker(time.Second), time.NewTimer(90*time.Second)
	time.Sleep(time.Minute + time.Second/2)
	fmt.Println("ticks:", since(start, k.C), len(k.C), cap(k.C), since(start, k.C))
	select {
	case now := <-once.C:
		fmt.Println("timer:", now.Sub(start))
	case <-time.After(time.Hour):
		fmt.Println("never")
	}
	fmt.Println("ticks missed:", since(start, k.C), since(start, k.C))
	once.Reset(time.Second)
	time.Sleep(2 * time.Second)
	fmt.Println("stopped late:", once.Stop(), once.Stop())
	select {
	case <-once.C:
		fmt.Println("a stale value")
	default:
	}
	k.Reset(time.Minute)
	fmt.Println("reset:", since(start, k.C), time.Since(start))
}

// steps has a ticker that nobody looks at, which makes no steps of its own.
func steps(t *testing.T) {
	start := time.Now()
	k := time.NewTicker(time.Second)
	done := make(chan time.Duration)
	for i := range 3 {
		go func() {
			time.Sleep(time.Duration(i+1) * 10 * time.Second)
			done <- time.Since(start)
		}()
	}
	for range 3 {
		fmt.Println("slept:", <-done)
	}
	fmt.Println("tick of:", since(start, k.C))
}

// losers waits for two timers, and later for the one that was not first.
func losers(t *testing.T) {
	start := time.Now()
	first, second := time.NewTimer(time.Minute), time.NewTimer(time.Hour)
	for range 2 {
		select {
		case now := <-first.C:
			fmt.Println("first:", now.Sub(start))
		case now := <-second.C:
			fmt.Println("second:", now.Sub(start))
		}
	}
}

// outside waits for a timer that belongs to no bubble: the bubble's clock stands still.
func outside(real *time.Timer) func(t *testing.T) {
	return func(t *testing.T) {
		start := time.Now()
		own := time.NewTimer(time.Hour)
		select {
		case now := <-real.C:
			fmt.Println("from outside:", now.Year() > 2000, time.Since(start))
		case <-own.C:
			fmt.Println("own")
		}
	}
}

func main() {
	var tests []testing.InternalTest
	add := func(name string, f func(*testing.T)) {
		run := func(t *testing.T) { synctest.Test(t, f) }
		tests = append(tests, testing.InternalTest{Name: name, F: run})
	}
	add("unwatched", unwatched)
	add("steps", steps)
	add("losers", losers)
	add("outside", outside(time.NewTimer(20*time.Millisecond)))
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, tests, nil, nil)
}
