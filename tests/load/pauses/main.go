// How long the world stands still for a collection with 1 GB alive and 1,000 goroutines
// waiting, while the program goes on allocating. Prints microseconds; nothing lost may be
// alive, nothing alive lost.
package main

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"example.test/load/check"
)

var live = flag.Int("mb", 1024, "how many MB are alive")

const (
	depth     = 14 // of a tree of 1 MB
	waiting   = 1000
	mostKept  = 256 // pauses that the runtime keeps
	atATime   = 100
	smallTree = 10
)

type node struct {
	left, right *node
	payload     [6]int
}

func grow(depth int) *node {
	if depth == 0 {
		return nil
	}
	return &node{left: grow(depth - 1), right: grow(depth - 1), payload: [6]int{depth}}
}

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	l := check.Start()
	debug.SetGCPercent(100)
	trees := make([]*node, *live)
	for i := range trees {
		trees[i] = grow(depth)
	}
	l.Done()
	stop := make(chan bool)
	var all sync.WaitGroup
	for range waiting {
		all.Go(func() {
			own := grow(2)
			<-stop
			if own.count() != 3 {
				l.Fail("a waiting goroutine's tree has %d nodes", own.count())
			}
		})
	}
	l.Warm()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	first := stats.NumGC
	for l.Running() && stats.NumGC-first < mostKept {
		for range atATime {
			grow(smallTree)
		}
		l.Done()
		runtime.ReadMemStats(&stats)
	}
	n := min(stats.NumGC-first, mostKept)
	pauses := make([]uint64, n)
	for i := range pauses {
		pauses[i] = stats.PauseNs[(first+uint32(i))%mostKept] / 1000
	}
	slices.Sort(pauses)
	if n > 0 {
		fmt.Printf("%d collections stopped the world for %d us (median), %d (p99), %d (longest)\n",
			n, pauses[n/2], pauses[n*99/100], pauses[n-1])
	}
	for _, tree := range trees {
		if got := tree.count(); got != 1<<depth-1 {
			l.Fail("a tree has %d nodes", got)
		}
	}
	close(stop)
	all.Wait()
	l.Finish()
}
