// How long the world stands still for a collection, in microseconds: 200 MB of live objects,
// 10,000 parked goroutines, and a program that goes on allocating.
package main

import (
	"runtime"
	"slices"
	"sync"

	"bench/measure"
)

var sink *measure.Tree

//go:noinline
func wait(depth int, n *measure.Tree, release <-chan bool) int {
	if depth == 0 {
		<-release
		return 0
	}
	return wait(depth-1, &measure.Tree{Left: n}, release) + n.Payload[0]
}

func main() {
	const goroutines, collections = 10_000, 100
	live := make([]*measure.Tree, 200)
	for i := range live {
		live[i] = measure.Grow(14)
	}
	release := make(chan bool)
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() { wait(8, &measure.Tree{}, release) })
	}
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	first := stats.NumGC
	for stats.NumGC-first < collections {
		for range 100 {
			sink = measure.Grow(10)
		}
		runtime.ReadMemStats(&stats)
	}
	pauses := make([]uint64, collections)
	for i := range pauses {
		pauses[i] = stats.PauseNs[(first+uint32(i))%256]
	}
	slices.Sort(pauses)
	measure.Value("stops of a collection, p50 us", float64(pauses[collections/2])/1000)
	measure.Value("stops of a collection, p99 us", float64(pauses[collections*99/100])/1000)
	close(release)
	all.Wait()
	if live[0] == nil {
		panic("lost")
	}
}
