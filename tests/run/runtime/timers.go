// Timers, tickers, AfterFunc: the rules of Stop and Reset since Go 1.23.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop(), t.Stop(), t.Reset(time.Hour), t.Reset(time.Millisecond))
	<-t.C
	fmt.Println(t.Stop(), t.Reset(time.Hour), len(t.C), cap(t.C))
	// After Stop or Reset no stale value arrives.
	t = time.NewTimer(time.Millisecond)
	time.Sleep(5 * time.Millisecond)
	fmt.Println(len(t.C), t.Stop())
	select {
	case <-t.C:
		fmt.Println("stale")
	default:
		fmt.Println("nothing")
	}
	t.Reset(time.Millisecond)
	time.Sleep(5 * time.Millisecond)
	start := time.Now()
	t.Reset(20 * time.Millisecond)
	at := <-t.C
	fmt.Println(at.Sub(start) >= 20*time.Millisecond)

	var n atomic.Int32
	done := make(chan bool)
	af := time.AfterFunc(time.Hour, func() { n.Add(1); done <- true })
	fmt.Println(af.Stop(), af.Reset(0), af.C == nil)
	<-done
	fmt.Println(n.Load(), af.Stop())
	af.Reset(time.Millisecond)
	<-done
	fmt.Println(n.Load())
	// A function that stops and starts its own timer.
	var self *time.Timer
	ready := make(chan bool)
	count := 0
	self = time.AfterFunc(time.Hour, func() {
		<-ready
		count++
		if count < 5 {
			self.Reset(time.Millisecond)
			ready <- true
		} else {
			done <- true
		}
	})
	self.Reset(0)
	ready <- true
	for range 4 {
		<-ready
		ready <- true
	}
	<-done
	fmt.Println(count)

	tick := time.NewTicker(2 * time.Millisecond)
	prev := time.Now()
	for range 5 {
		now := <-tick.C
		if now.Before(prev) {
			fmt.Println("time went back")
		}
		prev = now
	}
	tick.Reset(time.Millisecond)
	<-tick.C
	tick.Stop()
	time.Sleep(5 * time.Millisecond)
	select {
	case <-tick.C:
		fmt.Println("tick after stop")
	default:
		fmt.Println("stopped")
	}
	// A slow reader loses ticks instead of collecting them.
	tick = time.NewTicker(time.Millisecond)
	time.Sleep(20 * time.Millisecond)
	got := 0
	for {
		select {
		case <-tick.C:
			got++
			continue
		default:
		}
		break
	}
	fmt.Println(got <= 2)
	try(func() { time.NewTicker(0) })
	try(func() { tick.Reset(-1) })
	try(func() { new(time.Timer).Stop() })
	try(func() { new(time.Timer).Reset(1) })
	fmt.Println(time.Tick(-1) == nil)

	// Nobody wakes early, whatever the others sleep.
	var early atomic.Int32
	var wg sync.WaitGroup
	for _, ms := range []int{50, 10, 30, 70} {
		wg.Go(func() {
			began, length := time.Now(), time.Duration(ms)*time.Millisecond
			time.Sleep(length)
			if time.Since(began) < length {
				early.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println(early.Load())
	time.Sleep(0)
	time.Sleep(-5)
	// Many timers, most of which never fire.
	var fired atomic.Int32
	var timers []*time.Timer
	for i := range 20000 {
		d := time.Hour
		if i%100 == 0 {
			d = time.Duration(i%700) * time.Microsecond
		}
		timers = append(timers, time.AfterFunc(d, func() { fired.Add(1) }))
	}
	stopped := 0
	for i, t := range timers {
		if i%100 != 0 && t.Stop() {
			stopped++
		}
	}
	for fired.Load() < 200 {
		runtime.Gosched()
	}
	fmt.Println(fired.Load(), stopped)
	// A timeout in a select.
	never := make(chan int)
	select {
	case <-never:
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timeout")
	}
	// Unreferenced timers are collected; a ticker nobody stops must not keep the program.
	for range 1000 {
		time.NewTicker(time.Hour)
		time.NewTimer(time.Hour)
	}
	runtime.GC()
	fmt.Println("end")
}
