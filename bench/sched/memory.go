// Resident memory of parked goroutines, in bytes for each.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"bench/measure"
)

// resident reads how many bytes of the process are in memory.
func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	var size, pages int
	if _, err := fmt.Fscan(bytes.NewReader(text), &size, &pages); err != nil {
		panic(err)
	}
	return pages * os.Getpagesize()
}

func main() {
	const n = 100_000
	runtime.GC()
	before := resident()
	release := make(chan struct{})
	var running, ended sync.WaitGroup
	running.Add(n)
	for range n {
		ended.Go(func() {
			running.Done()
			<-release
		})
	}
	running.Wait()
	time.Sleep(50 * time.Millisecond)
	measure.Value("bytes per parked goroutine", float64(resident()-before)/n)
	close(release)
	ended.Wait()
}
