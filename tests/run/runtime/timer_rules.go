// The rules of timers since Go 1.23: channels without a buffer to the eye, no stale values
// after Stop and Reset, and what timers may be asked from within their own functions.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func try(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what, "panics:", r)
		}
	}()
	f()
	fmt.Println(what, "is fine")
}

func empty(c <-chan time.Time) bool {
	select {
	case <-c:
		return false
	default:
		return true
	}
}

// channels shows what Stop and Reset leave in them.
func channels() {
	t := time.NewTimer(time.Nanosecond)
	time.Sleep(5 * time.Millisecond)
	fmt.Println("due:", len(t.C), cap(t.C))
	fmt.Println("stop of a due one:", t.Stop(), empty(t.C))
	fmt.Println("stop again:", t.Stop(), empty(t.C))
	fmt.Println("reset:", t.Reset(time.Hour), empty(t.C), t.Reset(time.Nanosecond))
	time.Sleep(5 * time.Millisecond)
	fmt.Println("reset of a due one:", t.Reset(time.Hour), empty(t.C), t.Stop())
	fmt.Println("received:", t.Reset(0), !(<-t.C).IsZero(), t.Stop(), t.Reset(time.Hour), t.Stop())
	for _, d := range []time.Duration{0, -1, -time.Hour, -1 << 63} {
		fmt.Println(d, !(<-time.NewTimer(d).C).IsZero(), !(<-time.After(d)).IsZero())
	}
	forever := time.NewTimer(1<<63 - 1)
	fmt.Println("forever:", empty(forever.C), forever.Stop())
	k := time.NewTicker(time.Nanosecond)
	time.Sleep(5 * time.Millisecond)
	fmt.Println("ticker:", len(k.C), cap(k.C), !empty(k.C))
	k.Stop()
	fmt.Println("stopped:", empty(k.C))
	k.Reset(time.Nanosecond)
	<-k.C
	<-k.C
	k.Reset(time.Hour)
	fmt.Println("reset:", empty(k.C))
	k.Stop()
}

// functions are started, stopped and reset by themselves and by others.
func functions() {
	ran := make(chan int)
	var t *time.Timer
	var mutex sync.Mutex
	n := 0
	mutex.Lock()
	t = time.AfterFunc(time.Millisecond, func() {
		mutex.Lock()
		defer mutex.Unlock()
		if n++; n < 5 {
			t.Reset(time.Millisecond)
			return
		}
		ran <- n
		fmt.Println("stop in its function:", t.Stop())
	})
	fmt.Println("no channel:", t.C == nil)
	mutex.Unlock()
	fmt.Println("ran", <-ran)
	mutex.Lock()
	fmt.Println("over:", t.Stop(), t.Reset(time.Hour), t.Stop())
	mutex.Unlock()

	// Each call of Stop that says so has kept the function from running, and no other.
	var kept, began atomic.Int64
	var group sync.WaitGroup
	for i := range 2000 {
		t := time.AfterFunc(time.Duration(i%7)*50*time.Microsecond, func() { began.Add(1) })
		group.Go(func() {
			if i%3 == 0 {
				time.Sleep(100 * time.Microsecond)
			}
			if t.Stop() {
				kept.Add(1)
			}
		})
	}
	group.Wait()
	for range 1000 {
		if kept.Load()+began.Load() == 2000 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("kept and began:", kept.Load()+began.Load())

	// A panic and Goexit in a timer's function are its goroutine's own affair.
	done := make(chan any)
	time.AfterFunc(0, func() {
		defer func() { done <- recover() }()
		panic("in a timer")
	})
	fmt.Println(<-done)
	time.AfterFunc(0, func() {
		defer func() { done <- "left" }()
		runtime.Goexit()
	})
	fmt.Println(<-done)
	time.AfterFunc(0, func() { done <- "still there" })
	fmt.Println(<-done)
}

// resets changes one timer from many goroutines.
func resets() {
	t := time.NewTimer(time.Hour)
	var group sync.WaitGroup
	var received atomic.Int64
	stop := make(chan bool)
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-t.C:
					received.Add(1)
				case <-stop:
					return
				}
			}
		})
	}
	var changers sync.WaitGroup
	for i := range 4 {
		changers.Go(func() {
			for n := range 500 {
				t.Reset(time.Duration((n*7+i)%3) * 10 * time.Microsecond)
				if n%10 == 0 {
					t.Stop()
				}
			}
		})
	}
	changers.Wait()
	t.Stop()
	// When all wait again, they have counted what they got.
	for buffer := make([]byte, 1<<16); strings.Count(string(buffer[:runtime.Stack(buffer, true)]), " [select") < 4; {
		time.Sleep(time.Millisecond)
	}
	before := received.Load()
	t.Reset(time.Millisecond)
	for received.Load() == before {
		runtime.Gosched()
	}
	close(stop)
	group.Wait()
	fmt.Println("some received:", received.Load() > 0 && received.Load() <= 2001, t.Stop())
}

func main() {
	channels()
	functions()
	resets()
	try("NewTicker(0)", func() { time.NewTicker(0) })
	try("NewTicker(-1)", func() { time.NewTicker(-1) })
	try("Tick(0)", func() { fmt.Println(time.Tick(0) == nil, time.Tick(-1) == nil) })
	try("Ticker.Reset(0)", func() { time.NewTicker(time.Hour).Reset(0) })
	try("Timer{}.Stop", func() { new(time.Timer).Stop() })
	try("Timer{}.Reset", func() { new(time.Timer).Reset(1) })
	try("Ticker{}.Stop", func() { new(time.Ticker).Stop() })
	try("Ticker{}.Reset", func() { new(time.Ticker).Reset(1) })
	try("AfterFunc(nil)", func() { time.AfterFunc(time.Hour, nil).Stop() })
}
