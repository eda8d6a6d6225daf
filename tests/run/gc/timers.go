// Timers and tickers that nothing leads to are collected although they have not fired;
// those that somebody waits for fire.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	var a, b runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&a)
	for i := 0; i < 200000; i++ {
		time.NewTicker(time.Hour)
		time.After(time.Hour)
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&b)
	fmt.Println("kept below 4 MB:", int64(b.HeapAlloc)-int64(a.HeapAlloc) < 4<<20)
	c := time.After(50 * time.Millisecond)
	t := time.NewTicker(10 * time.Millisecond)
	n := 0
	fired := make(chan bool)
	time.AfterFunc(30*time.Millisecond, func() { close(fired) })
	for n < 3 {
		runtime.GC()
		<-t.C
		n++
	}
	<-fired
	<-c
	fmt.Println("ticks", n)
}
