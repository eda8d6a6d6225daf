// Claim: a sleep of nothing, or of less than nothing, returns at once; timers of such
// durations fire at once.
package main

import (
	"fmt"
	"math"
	"time"
)

func main() {
	for _, d := range []time.Duration{0, -1, math.MinInt64, 1, time.Nanosecond} {
		start := time.Now()
		time.Sleep(d)
		fmt.Println(d, time.Since(start) < time.Hour)
	}
	for _, d := range []time.Duration{0, -time.Hour, 1} {
		<-time.After(d)
		done := make(chan string)
		time.AfterFunc(d, func() { done <- "called" })
		fmt.Println(d, <-done)
		t := time.NewTimer(d)
		<-t.C
		fmt.Println("stopped after firing:", t.Stop())
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		time.NewTicker(0)
	}()
	fmt.Println(time.Tick(0) == nil)
}
