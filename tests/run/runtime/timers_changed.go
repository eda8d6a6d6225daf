// Timers that are stopped and reset many times, to later and to earlier times, from several
// goroutines and with collections in between, fire once if they are to and else never.
package main

import (
	"fmt"
	"math/rand"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const timers = 400

// change sets timers to times that are all far away, or stops them.
func change(all []*time.Timer, seed int64) {
	r := rand.New(rand.NewSource(seed))
	for i := range 5 * len(all) {
		t := all[r.Intn(len(all))]
		if r.Intn(3) == 0 {
			t.Stop()
		} else {
			t.Reset(time.Hour + time.Duration(r.Intn(3600))*time.Second)
		}
		if i%500 == 0 {
			runtime.GC()
		}
	}
}

func changeAll(all []*time.Timer) {
	var wg sync.WaitGroup
	for seed := range 4 {
		wg.Go(func() { change(all, int64(seed)) })
	}
	wg.Wait()
}

// started tells which timers are to fire in the end.
func started(i int) bool { return i%3 != 0 }

func functions() {
	var fired [timers]atomic.Int32
	var left sync.WaitGroup
	var all []*time.Timer
	for i := range timers {
		all = append(all, time.AfterFunc(time.Hour, func() {
			if fired[i].Add(1) == 1 && started(i) {
				left.Done()
			}
		}))
	}
	changeAll(all)
	for i, t := range all {
		if started(i) {
			left.Add(1)
			t.Reset(time.Duration(i%10) * time.Millisecond)
		} else {
			t.Stop()
		}
	}
	left.Wait()
	time.Sleep(10 * time.Millisecond)
	wrong, active := 0, 0
	for i, t := range all {
		want := int32(0)
		if started(i) {
			want = 1
		}
		if fired[i].Load() != want {
			wrong++
		}
		if t.Stop() {
			active++
		}
	}
	fmt.Println("functions:", wrong, "wrong,", active, "still active")
}

func channels() {
	var all []*time.Timer
	for range timers {
		all = append(all, time.NewTimer(time.Hour))
	}
	changeAll(all)
	begun := time.Now()
	for i, t := range all {
		t.Reset(time.Duration(i%10) * time.Millisecond)
		if !started(i) {
			t.Reset(time.Hour)
		}
	}
	early, received := 0, 0
	for i, t := range all {
		if started(i) {
			<-t.C
			if time.Since(begun) < time.Duration(i%10)*time.Millisecond {
				early++
			}
		}
	}
	time.Sleep(15 * time.Millisecond)
	for _, t := range all {
		select {
		case <-t.C:
			received++
		default:
		}
	}
	fmt.Println("channels:", early, "early,", received, "received twice or too soon")
}

func main() {
	functions()
	channels()
	// The sooner of two times counts, whichever was set last.
	t := time.NewTimer(time.Hour)
	t.Reset(time.Millisecond)
	<-t.C
	t.Reset(time.Millisecond)
	t.Reset(time.Hour)
	select {
	case <-t.C:
		fmt.Println("fired although reset")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("waits")
	}
}
