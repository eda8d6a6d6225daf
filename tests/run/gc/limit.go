// A memory limit is for all that the process has: objects, pages that are not full of them,
// stacks. What cannot be kept to does not stop the program.
//
//test:env GOMEMLIMIT=100MiB
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
)

type node struct {
	next *node
	fill [5]int
}

var (
	kept  []*node
	large [][]byte
	last  atomic.Pointer[node]
)

func keep(megabytes int) {
	kept = make([]*node, megabytes<<20/48/scale)
	for i := range kept {
		kept[i] = &node{}
	}
}

func waste(megabytes int) {
	for i := range megabytes << 20 / 48 / scale {
		last.Store(&node{})
		if i%1000 == 0 {
			look()
		}
	}
}

var (
	debugging = strings.Contains(os.Getenv("GODEBUG"), "goxidegc")
	scale     = 1
)

var (
	samples = []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	peak    uint64
)

func look() {
	metrics.Read(samples)
	peak = max(peak, samples[0].Value.Uint64()-samples[1].Value.Uint64())
}

// sizes fills pages of all classes, and frees some of what is in each.
func sizes() {
	held := make([][]byte, 40_000/scale)
	r := uint32(1)
	for n := range 1_000_000 / scale {
		r = r*1664525 + 1013904223
		held[int(r>>8)%len(held)] = make([]byte, 16<<(r>>24%8))
		if n%1000 == 0 {
			look()
		}
	}
}

func buffers() {
	for range 50 {
		large = append(large, make([]byte, 1<<20))
	}
	for i := range 1000 / scale {
		b := make([]byte, 1<<20+i%3*100_000)
		for at := 0; at < len(b); at += 4096 {
			b[at] = 1
		}
		large[i%len(large)] = b
		look()
	}
	large = nil
}

// stacks has goroutines with some 8 KB each wait while objects come and go.
func stacks() {
	var all, here sync.WaitGroup
	stop := make(chan bool)
	for range 1500 / scale {
		here.Add(1)
		all.Go(func() { stay(15, stop, &here) })
	}
	here.Wait()
	keep(40)
	waste(150)
	close(stop)
	all.Wait()
}

//go:noinline
func stay(n int, stop chan bool, here *sync.WaitGroup) int {
	var a [60]int
	a[n%60] = n
	if n == 0 {
		here.Done()
		<-stop
		return 0
	}
	return stay(n-1, stop, here) + a[(n*7)%60]
}

func main() {
	if debugging {
		scale = 100 // the collector's checks need memory and time of their own
	}
	report := func(what string) {
		look()
		megabytes := peak >> 20
		if megabytes > 130 && !debugging {
			fmt.Println(what, "took", megabytes, "MB")
		} else {
			fmt.Println(what, "kept to the limit")
		}
		kept, peak = nil, 0
		debug.FreeOSMemory()
	}
	keep(40)
	waste(200)
	report("small objects")
	sizes()
	report("sizes")
	buffers()
	report("buffers")
	stacks()
	report("stacks")
	// More is alive than it allows.
	keep(110)
	waste(50)
	fmt.Println("came through", len(kept) > 0)
	runtime.KeepAlive(kept)
}
