// Memory of stacks is given back: of goroutines that have ended, of deep calls that others
// and main have returned from. What comes after works on what is left.
//
//test:measures
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// resident is the resident size, in MB.
func resident() int {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n := 0
			fmt.Sscanf(strings.TrimSpace(rest), "%d", &n)
			return n >> 10
		}
	}
	return -1
}

//go:noinline
func deep(n int) int {
	var pad [200]byte
	pad[n%200] = byte(n)
	if n == 0 {
		return 1
	}
	return deep(n-1) + int(pad[(n+1)%200])
}

// many has so many goroutines at the same time, each of which calls so deep, and waits.
func many(count, depth int) {
	var all, called sync.WaitGroup
	wait := make(chan bool)
	sum := make(chan int, count)
	for range count {
		all.Add(1)
		called.Add(1)
		go func() {
			defer all.Done()
			n := deep(depth)
			called.Done()
			<-wait
			sum <- n
		}()
	}
	called.Wait()
	close(wait)
	all.Wait()
	total := 0
	for range count {
		total += <-sum
	}
	fmt.Println(count, "goroutines:", total)
}

// report collects as often as it takes a collector that halves stacks, and looks.
func report(what string) {
	for range 10 {
		runtime.GC()
	}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println(what, "- in use below 16 MB:", m.StackInuse < 16<<20,
		"of the system's, as much at least:", m.StackSys >= m.StackInuse,
		"resident below 160 MB:", resident() < 160)
}

func main() {
	report("start")
	many(100_000, 0)
	report("many ended")
	many(10_000, 100)
	report("deep ones ended")
	fmt.Println(deep(1_000_000))
	report("main returned")

	// One that runs on, and one that is often made ready, were deep as well.
	begin, end := make(chan bool), make(chan bool)
	go func() {
		deep(500_000)
		begin <- true
		for range begin {
			end <- true
		}
	}()
	<-begin
	for range 10 {
		begin <- true
		<-end
		runtime.GC()
	}
	report("another returned")
	for range 5 {
		many(20_000, 10)
	}
	report("again")
	many(100_000, 1)
	report("and again")
}
