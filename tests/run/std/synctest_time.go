// Time in bubbles of testing/synctest: timers, tickers, deadlines and sleeps meet their
// moments exactly, in the order of time, and none passes while somebody can do something.
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var tests []testing.InternalTest

func bubble(name string, f func(t *testing.T)) {
	tests = append(tests, testing.InternalTest{Name: name, F: func(t *testing.T) {
		fmt.Println("==", name)
		synctest.Test(t, f)
	}})
}

// clock tells how far the bubble's time is.
func clock() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

func stopAndReset(t *testing.T) {
	now := clock()
	fired := 0
	timer := time.AfterFunc(time.Second, func() { fired++ })
	fmt.Println(timer.Stop(), timer.Stop())
	time.Sleep(2 * time.Second)
	fmt.Println(fired, timer.Reset(time.Second))
	time.Sleep(time.Second)
	synctest.Wait()
	fmt.Println(fired, now(), timer.Stop(), timer.Reset(-1))
	synctest.Wait()
	fmt.Println(fired, now())

	channel := time.NewTimer(time.Minute)
	fmt.Println(channel.Reset(time.Hour), len(channel.C), cap(channel.C))
	time.Sleep(time.Hour)
	// It is due, but nobody has received: a Reset takes the value back.
	fmt.Println(channel.Reset(time.Second), now())
	fmt.Println((<-channel.C).UTC().Format(time.TimeOnly), now())
	select {
	case <-channel.C:
		fmt.Println("stale")
	default:
	}
	channel.Reset(0)
	<-channel.C
	fmt.Println(now())
}

func tickers(t *testing.T) {
	now := clock()
	fast, slow := time.NewTicker(3*time.Second), time.NewTicker(7*time.Second)
	end := time.After(20 * time.Second)
	for done := false; !done; {
		select {
		case <-fast.C:
			fmt.Print("fast ", now(), "; ")
		case <-slow.C:
			fmt.Print("slow ", now(), "; ")
		case <-end:
			done = true
		}
	}
	fmt.Println(now())
	// One that is not read drops ticks.
	time.Sleep(30 * time.Second)
	<-fast.C
	select {
	case <-fast.C:
		fmt.Println("kept two")
	default:
		fmt.Println("kept one")
	}
	fast.Reset(time.Hour)
	slow.Stop()
	<-fast.C
	fmt.Println(now())
}

func deadlines(t *testing.T) {
	now := clock()
	outer, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	inner, cancelInner := context.WithTimeoutCause(outer, time.Minute, errors.New("never"))
	defer cancelInner()
	ran := make(chan time.Duration, 1)
	stop := context.AfterFunc(inner, func() { ran <- now() })
	<-inner.Done()
	fmt.Println(now(), inner.Err(), context.Cause(inner), <-ran, stop())
	deadline, ok := inner.Deadline()
	fmt.Println(time.Until(deadline), ok)
	early, cancelEarly := context.WithCancelCause(context.Background())
	time.AfterFunc(time.Second, func() { cancelEarly(errors.New("a reason")) })
	<-early.Done()
	fmt.Println(now(), early.Err(), context.Cause(early))
	past, cancelPast := context.WithDeadline(context.Background(), time.Now())
	defer cancelPast()
	fmt.Println(past.Err(), now())
}

func sleepers(t *testing.T) {
	now := clock()
	var group sync.WaitGroup
	var mutex sync.Mutex
	var order []int
	for i := range 50 {
		group.Go(func() {
			time.Sleep(time.Duration(i*37%50) * time.Millisecond)
			mutex.Lock()
			order = append(order, i*37%50)
			mutex.Unlock()
		})
	}
	group.Wait()
	sorted := true
	for i, n := range order {
		sorted = sorted && i == n
	}
	fmt.Println(sorted, now())
	// Work takes no time.
	sum := 0
	for i := range 10_000_000 {
		sum += i & 1
	}
	runtime.GC()
	fmt.Println(sum, now())
	// A year is over at once.
	time.Sleep(365 * 24 * time.Hour)
	fmt.Println(now(), time.Now().UTC())
	time.Sleep(0)
	time.Sleep(-time.Second)
	fmt.Println(now())
}

// chains starts timers from timers and goroutines from goroutines.
func chains(t *testing.T) {
	now := clock()
	count, done := 0, make(chan bool)
	var next func()
	next = func() {
		if count++; count == 1000 {
			close(done)
			return
		}
		time.AfterFunc(time.Millisecond, next)
	}
	next()
	<-done
	fmt.Println(count, now())
	var spawn func(depth int)
	leaves := make(chan int, 64)
	spawn = func(depth int) {
		time.Sleep(time.Second)
		if depth == 0 {
			leaves <- 1
			return
		}
		go spawn(depth - 1)
		go spawn(depth - 1)
	}
	go spawn(5)
	for range 32 {
		<-leaves
	}
	fmt.Println(now(), len(leaves))
}

func main() {
	bubble("TestStopAndReset", stopAndReset)
	bubble("TestTickers", tickers)
	bubble("TestDeadlines", deadlines)
	bubble("TestSleepers", sleepers)
	bubble("TestChains", chains)
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, tests, nil, nil)
}
