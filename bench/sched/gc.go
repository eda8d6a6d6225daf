// What share of the processor's time the collector takes while a program with 200 MB of
// live objects allocates: the same work with and without it, by the kernel's account.
package main

import (
	"runtime"
	"runtime/debug"
	"syscall"

	"bench/measure"
)

func processorTime() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}

var sink *measure.Tree

// work is what growing a tree costs, in the middle of several.
func work(trees int) float64 {
	before := processorTime()
	for range trees {
		sink = measure.Grow(13)
	}
	return (processorTime() - before) / float64(trees)
}

func main() {
	live := make([]*measure.Tree, 200)
	for i := range live {
		live[i] = measure.Grow(14)
	}
	// The first time the pages are new to the process, which is no matter of collection.
	debug.SetGCPercent(-1)
	work(200)
	runtime.GC()
	without := work(200)
	runtime.GC()
	debug.SetGCPercent(100)
	with := work(2000)
	share := max(100*(with-without)/with, 0.1)
	measure.Value("collector's share of processor time at 200 MB, %", share)
	if live[0] == nil {
		panic("lost")
	}
}
