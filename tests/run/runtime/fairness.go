// One processor, and goroutines that spend their time in every part of the runtime and never
// wait: others have their turns all the same.
package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	stop   atomic.Bool
	number atomic.Int64
	large  = []byte(strings.Repeat("abcdefgh", 1<<17))
	text   = string(large)
	null   *os.File
)

var kinds = []struct {
	name string
	work func()
}{
	{"nothing", func() {}},
	{"additions", func() {
		sum := 0
		for i := range 1 << 20 {
			sum += i
		}
		number.Store(int64(sum))
	}},
	{"large objects", func() { number.Add(int64(len(make([]byte, 1<<20+int(number.Load())&1)))) }},
	{"small objects", func() { sink = new([4]int) }},
	{"strings", func() { sink = text + "x" }},
	{"conversions", func() { sink = string(large) }},
	{"hashes", func() { sink = sha256.Sum256(large) }},
	{"times", func() { sink = time.Now() }},
	{"writes", func() { null.Write([]byte("x")) }},
	{"files", func() { os.Stat("/") }},
	{"raw calls", func() { number.Store(int64(syscall.Getpid())) }},
	{"a buffer", func() { buffer <- 1; <-buffer }},
	{"select", func() {
		select {
		case both <- 1:
		case <-both:
		}
	}},
	{"default", func() {
		select {
		case never <- 1:
		default:
		}
	}},
	{"stacks", func() { sink = runtime.Stack(large, true) }},
	{"statistics", func() { runtime.ReadMemStats(new(runtime.MemStats)) }},
	{"collections", func() { runtime.GC() }},
	{"panics", func() {
		defer func() { recover() }()
		panic(1)
	}},
	{"goroutines", func() {
		done := make(chan bool)
		go close(done)
		<-done
	}},
}

var (
	sink   any
	buffer = make(chan int, 100)
	both   = make(chan int, 10)
	never  = make(chan int)
)

func main() {
	runtime.GOMAXPROCS(1)
	null, _ = os.OpenFile("/dev/null", os.O_WRONLY, 0)
	for _, kind := range kinds {
		stop.Store(false)
		var all sync.WaitGroup
		all.Go(func() {
			for !stop.Load() {
				kind.work()
			}
		})
		for range 2 {
			runtime.Gosched()
			time.Sleep(time.Microsecond)
		}
		stop.Store(true)
		all.Wait()
		fmt.Println(kind.name)
	}
}
