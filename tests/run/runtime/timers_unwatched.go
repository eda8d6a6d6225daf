// Timers that nobody waits for: they are in no heap, cost nothing, keep nothing going, and
// what there is to receive from them is found when somebody looks.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

const ms = time.Millisecond

// dropped makes tickers that would fire ten million times a second.
func dropped() {
	for range 10_000 {
		time.NewTicker(ms)
		time.Tick(ms)
	}
	var group sync.WaitGroup
	sums := make([]int, 8)
	for i := range sums {
		group.Go(func() {
			for n := range 20_000_000 {
				sums[i] += n ^ i
			}
			time.Sleep(5 * ms)
			runtime.Gosched()
		})
	}
	group.Wait()
	fmt.Println("work done beside dropped tickers:", sums[0])
}

// late looks at timers long after they were due.
func late() {
	before := time.Now()
	k, t := time.NewTicker(ms), time.NewTimer(ms)
	time.Sleep(60 * ms)
	now := time.Now()
	first, only := <-k.C, <-t.C
	fmt.Println("when they were due:", !first.Before(before.Add(ms)), first.Before(now),
		!only.Before(before.Add(ms)), only.Before(now))
	second := <-k.C
	fmt.Println("what was missed is left out:", second.After(now), second.Sub(before) >= 60*ms)
	fmt.Println("with a monotonic reading:", strings.Contains(first.String(), " m=+"))
	fmt.Println("wall and monotonic clock agree:", first.Round(0).Sub(before.Round(0)) > 0,
		now.Round(0).Sub(first.Round(0)) > 0)
	k.Reset(time.Hour)
	fmt.Println("after a reset:", len(k.C), empty(k.C))
	k.Stop()
	t.Reset(ms)
	time.Sleep(5 * ms)
	fmt.Println("due, not received, stopped:", t.Stop(), t.Stop(), empty(t.C))

	local := time.Local
	time.Local = time.UTC
	fmt.Println("location:", (<-time.After(ms)).Location())
	time.Local = time.FixedZone("there", 3600)
	fmt.Println("location:", (<-time.After(ms)).Location())
	time.Local = local
	fmt.Println("location:", (<-time.After(ms)).Location() == local)
}

func empty(c <-chan time.Time) bool {
	select {
	case <-c:
		return false
	default:
		return true
	}
}

// selects waits for several timers at once; those that lose are waited for again.
func selects() {
	slow, slower := time.NewTimer(20*ms), time.NewTimer(40*ms)
	never := time.NewTimer(time.Hour)
	fast := time.NewTicker(ms)
	// Who comes late finds several due, and takes them in any order: they tell when they were.
	var order []string
	var times [2]time.Time
	ticks := 0
	for len(order) < 2 || ticks == 0 {
		select {
		case <-fast.C:
			ticks++
		case times[0] = <-slow.C:
			order = append(order, "slow")
		case times[1] = <-slower.C:
			order = append(order, "slower")
		case <-never.C:
			order = append(order, "never")
		}
	}
	slices.Sort(order)
	fmt.Println(order, times[0].Before(times[1]), ticks > 0, slow.Stop(), slower.Stop(), never.Stop())

	// Both are due: each gets its turn.
	counts := [2]int{}
	for range 200 {
		a, b := time.After(0), time.After(0)
		select {
		case <-a:
			counts[0]++
		case <-b:
			counts[1]++
		}
	}
	fmt.Println("by chance:", counts[0] > 20, counts[1] > 20)

	// A timer beside a channel that is always ready is not forgotten.
	ready, due := make(chan int), time.After(5*ms)
	close(ready)
	for busy := true; busy; {
		select {
		case <-ready:
		case <-due:
			busy = false
		}
	}
	for empty(fast.C) {
	}
	chosen, value, ok := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(never.C)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(fast.C)},
	})
	fmt.Println("by reflection:", chosen, !value.Interface().(time.Time).IsZero(), ok)
	fast.Stop()
}

// waiting changes timers while goroutines wait for them.
func waiting() {
	t := time.NewTimer(time.Hour)
	got := make(chan bool)
	for range 3 {
		go func() {
			<-t.C
			got <- true
		}()
	}
	for range 3 {
		t.Stop()
		runtime.GC()
		time.Sleep(ms)
		t.Reset(ms)
		<-got
	}
	fmt.Println("each reset wakes one:", t.Stop())

	k := time.NewTicker(time.Hour)
	for range 4 {
		go func() {
			for range 5 {
				<-k.C
				got <- true
			}
		}()
	}
	k.Reset(ms / 2)
	for range 20 {
		<-got
	}
	k.Stop()
	fmt.Println("many share a ticker:", empty(k.C))

	// Nothing but the waiting itself leads to these.
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			for range 10 {
				<-time.After(ms)
				select {
				case <-time.After(ms):
				case <-time.After(time.Hour):
				}
			}
		})
	}
	stop := make(chan bool)
	go func() {
		for running(stop) {
			runtime.GC()
		}
		stop <- true
	}()
	group.Wait()
	stop <- true
	<-stop
	fmt.Println("collections do not matter")
}

func running(stop chan bool) bool {
	select {
	case <-stop:
		return false
	default:
		return true
	}
}

func main() {
	dropped()
	late()
	selects()
	waiting()
}
