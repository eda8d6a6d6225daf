// testing/synctest: bubbles with time of their own.
package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var tests []testing.InternalTest

// bubble adds a test that runs f in a bubble.
func bubble(name string, f func()) {
	tests = append(tests, testing.InternalTest{Name: name, F: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f() })
	}})
}

func main() {
	bubble("TestTime", func() {
		start := time.Now()
		fmt.Println(start.UTC())
		time.Sleep(24 * time.Hour)
		fmt.Println(time.Since(start))
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				select {
				case <-ctx.Done():
					fmt.Println("never")
				case <-time.After(time.Duration(i+1) * 10 * time.Second):
					fmt.Println(i, time.Since(start))
				}
			})
		}
		wg.Wait()
		<-ctx.Done()
		fmt.Println(ctx.Err(), time.Since(start))
	})
	bubble("TestWait", func() {
		n := 0
		c := make(chan int)
		go func() {
			for v := range c {
				n += v
			}
			n = -1
		}()
		c <- 1
		c <- 2
		synctest.Wait()
		fmt.Println(n)
		close(c)
		synctest.Wait()
		fmt.Println(n)
		fired := false
		time.AfterFunc(5*time.Second, func() { fired = true })
		time.Sleep(5*time.Second - 1)
		synctest.Wait()
		fmt.Println(fired)
		time.Sleep(1)
		synctest.Wait()
		fmt.Println(fired)
		tick := time.NewTicker(time.Second)
		for range 3 {
			fmt.Println((<-tick.C).UTC().Format(time.TimeOnly))
		}
		tick.Stop()
		var mu sync.Mutex
		mu.Lock()
		locked := false
		go func() { mu.Lock(); locked = true; mu.Unlock() }()
		runtime.Gosched()
		mu.Unlock()
		synctest.Wait()
		fmt.Println(locked)
	})
	tests = append(tests, testing.InternalTest{Name: "TestOutside", F: func(t *testing.T) {
		fmt.Println("outside", time.Now().Year() > 2020)
	}})
	testing.Main(func(pat, str string) (bool, error) { return true, nil }, tests, nil, nil)
}
