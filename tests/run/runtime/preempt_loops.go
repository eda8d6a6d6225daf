// Loops without calls, on one processor: others run all the same, the world stops, dumps
// are made and timers fire.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"
)

var (
	sums  [8]uint64
	flags [8]atomic.Bool
	bytes [1 << 16]byte
	table [256]uint32
	fs    [64]float64
)

// loops spin until they are told to end; nothing in them is a call.
var loops = map[string]func(stop *atomic.Bool){
	"empty": func(stop *atomic.Bool) {
		for !stop.Load() {
		}
	},
	"sums": func(stop *atomic.Bool) {
		var x uint64
		for !stop.Load() {
			for i := range uint64(1 << 30) {
				x += i * i
				if i&0xffff == 0 && stop.Load() {
					break
				}
			}
		}
		sums[0] = x
	},
	"nested": func(stop *atomic.Bool) {
		for {
			for i := range 1000 {
				for j := range 1000 {
					sums[1] += uint64(i ^ j)
				}
			}
			if stop.Load() {
				return
			}
		}
	},
	"bytes": func(stop *atomic.Bool) {
		for !stop.Load() {
			h := uint32(1)
			for _, b := range bytes {
				h = h>>8 ^ table[byte(h)^b]
			}
			table[h&255]++
		}
	},
	"floats": func(stop *atomic.Bool) {
		for !stop.Load() {
			for i := range fs {
				fs[i] = fs[i]*0.5 + float64(i)
			}
		}
	},
	"list": func(stop *atomic.Bool) {
		type node struct {
			next *node
			n    int
		}
		first := &node{}
		at := first
		for i := range 1000 {
			at.next = &node{n: i}
			at = at.next
		}
		at.next = first
		for n := first; !stop.Load(); n = n.next {
			sums[2] += uint64(n.n)
		}
	},
	"recursion": func(stop *atomic.Bool) {
		for !stop.Load() {
			sums[3] += uint64(fib(20))
		}
	},
	"swap": func(stop *atomic.Bool) {
		var a atomic.Uint64
		for !stop.Load() {
			for range 1000 {
				a.CompareAndSwap(a.Load(), a.Load()+1)
			}
		}
	},
	"goto": func(stop *atomic.Bool) {
		n := 0
	again:
		n++
		if n&0xff != 0 || !stop.Load() {
			goto again
		}
		sums[4] = uint64(n)
	},
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(50)
	for _, name := range []string{"empty", "sums", "nested", "bytes", "floats", "list", "recursion", "swap", "goto"} {
		var stop atomic.Bool
		ended := make(chan bool)
		for range 2 {
			go func() {
				loops[name](&stop)
				ended <- true
			}()
		}
		time.Sleep(time.Millisecond)
		fired := make(chan bool)
		time.AfterFunc(time.Millisecond, func() { fired <- true })
		<-fired
		runtime.Gosched()
		runtime.GC()
		buffer := make([]byte, 1<<16)
		dump := string(buffer[:runtime.Stack(buffer, true)])
		reply := make(chan int)
		go func() { reply <- strings.Count(dump, "main.main.func1") }()
		// Both are there: "created by" is of main itself.
		fmt.Println(name, <-reply >= 2)
		stop.Store(true)
		<-ended
		<-ended
	}
	fmt.Println("all have ended")
}
