// Package check is what all load programs share: how long they run, and whether the program
// is at the end as it was after warming up: no goroutines left, no memory gained.
package check

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"time"
)

var seconds = flag.Float64("seconds", 10, "how long the load lasts")

// Load is one run.
type Load struct {
	start      time.Time
	end        time.Time
	goroutines int
	warm       uint64
	failures   atomic.Int64
	operations atomic.Int64
}

// Start parses the flags and notes how many goroutines there are.
func Start() *Load {
	flag.Parse()
	now := time.Now()
	return &Load{start: now, end: now.Add(time.Duration(*seconds * float64(time.Second))), goroutines: runtime.NumGoroutine()}
}

// Running tells whether the load goes on.
func (l *Load) Running() bool { return time.Now().Before(l.end) }

// Done counts an operation that did what it should.
func (l *Load) Done() { l.operations.Add(1) }

// Fail reports a wrong result.
func (l *Load) Fail(format string, args ...any) {
	if l.failures.Add(1) <= 20 {
		fmt.Fprintf(os.Stderr, "wrong: "+format+"\n", args...)
	}
}

func live() uint64 {
	var m runtime.MemStats
	// Twice, so that what finalizers and pools hold is gone as well.
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Watch notes the live heap when a third of the time is over, with the load running.
func (l *Load) Watch() {
	time.Sleep(l.end.Sub(l.start) / 3)
	l.warm = live()
}

// Warm notes the live heap at a moment that the load chooses.
func (l *Load) Warm() { l.warm = live() }

// Finish checks the end and leaves the program. The load must still be set up (its data
// alive), with all goroutines of the load gone.
func (l *Load) Finish() {
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > l.goroutines && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > l.goroutines {
		l.Fail("%d goroutines at the end, %d at the start", n, l.goroutines)
		pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
	}
	end := live()
	// What a run needs for itself varies; a leak grows with the number of operations.
	if l.warm > 0 && end > l.warm*3/2+4<<20 {
		l.Fail("live heap grew from %d to %d bytes", l.warm, end)
	}
	fmt.Printf("operations %d, failures %d, live heap %d KB after a third, %d KB at the end\n", l.operations.Load(), l.failures.Load(), l.warm>>10, end>>10)
	if l.failures.Load() > 0 || l.operations.Load() == 0 {
		os.Exit(1)
	}
}
