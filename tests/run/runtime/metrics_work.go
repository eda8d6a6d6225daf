// What runtime/metrics, ReadMemStats and ReadGCStats say of a program that has done work of
// all kinds: that it was some, and that the figures agree with each other.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"syscall"
	"time"
)

type node struct {
	next *node
	data [200]byte
}

var (
	list *node
	sink []byte
)

// allocate makes garbage beside something that lives.
func allocate() {
	for range 40000 {
		list = &node{next: list}
		sink = make([]byte, 300)
		sink = make([]byte, 3)
	}
	sink = make([]byte, 100_000)
	for range 300_000 {
		sink = make([]byte, 200)
	}
}

// contend makes goroutines wait for a lock.
func contend() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				mu.Lock()
				time.Sleep(50 * time.Microsecond)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// finalize lets finalizers and cleanups run.
func finalize() {
	var wg sync.WaitGroup
	for range 10 {
		wg.Add(2)
		a, b := new(node), new(node)
		runtime.SetFinalizer(a, func(*node) { wg.Done() })
		runtime.AddCleanup(b, func(int) { wg.Done() }, 0)
	}
	for done := false; !done; {
		runtime.GC()
		go func() { wg.Wait(); done = true }()
		time.Sleep(5 * time.Millisecond)
	}
}

// stand leaves goroutines that wait, and one in a system call.
func stand() (end func()) {
	hold := make(chan bool)
	for range 5 {
		go func() { <-hold }()
	}
	var pipe [2]int
	if err := syscall.Pipe(pipe[:]); err != nil {
		panic(err)
	}
	go syscall.Read(pipe[0], make([]byte, 1))
	there := []metrics.Sample{{Name: "/sched/goroutines/waiting:goroutines"}, {Name: "/sched/goroutines/not-in-go:goroutines"}}
	for there[0].Value.Kind() == metrics.KindBad || there[0].Value.Uint64() < 5 || there[1].Value.Uint64() < 1 {
		time.Sleep(time.Millisecond)
		metrics.Read(there)
	}
	return func() {
		close(hold)
		syscall.Close(pipe[1])
	}
}

func main() {
	torture := strings.Contains(os.Getenv("GODEBUG"), "goxidegc")
	debug.SetGCPercent(80)
	debug.SetMemoryLimit(1 << 40)
	allocate()
	contend()
	finalize()
	runtime.Stack(make([]byte, 1000), true)
	debug.FreeOSMemory()
	end := stand()
	defer end()
	// A kind of setting that counts.
	os.Setenv("GODEBUG", "panicnil=1")
	func() {
		defer func() { recover() }()
		panic(nil)
	}()

	var samples []metrics.Sample
	for _, d := range metrics.All() {
		samples = append(samples, metrics.Sample{Name: d.Name})
	}
	metrics.Read(samples)
	value := map[string]float64{}
	for i, s := range samples {
		d := metrics.All()[i]
		if s.Value.Kind() != d.Kind {
			fmt.Println(s.Name, "has the kind", s.Value.Kind(), "and not", d.Kind)
			continue
		}
		switch s.Value.Kind() {
		case metrics.KindUint64:
			value[s.Name] = float64(s.Value.Uint64())
		case metrics.KindFloat64:
			value[s.Name] = s.Value.Float64()
		case metrics.KindFloat64Histogram:
			h := s.Value.Float64Histogram()
			for _, n := range h.Counts {
				value[s.Name] += float64(n)
			}
			fmt.Println(s.Name, len(h.Counts), len(h.Buckets), bounds(h.Buckets))
		}
	}
	if torture {
		// Each object has a block of its own then: none counts as tiny.
		value["/gc/heap/tiny/allocs:objects"] = value["/gc/heap/allocs:objects"]
	}
	// These need not have happened.
	may := "mark/idle mark/assist scavenge heap/free mcache/free os-stacks runnable limiter cgo profiling"
	for _, s := range samples {
		if strings.HasPrefix(s.Name, "/godebug/") {
			if value[s.Name] != 0 {
				fmt.Println(s.Name, value[s.Name])
			}
			continue
		}
		open := false
		for part := range strings.FieldsSeq(may) {
			open = open || strings.Contains(s.Name, part)
		}
		if !open && value[s.Name] <= 0 {
			fmt.Println(s.Name, "is", value[s.Name])
		}
	}
	agree(value)
	exact(value)
	stats(value)
}

func bounds(b []float64) string {
	n := len(b)
	return fmt.Sprint(b[:6], b[n-4:])
}

func sum(value map[string]float64, prefix string, but ...string) (s float64) {
	for name, v := range value {
		if strings.HasPrefix(name, prefix) && !strings.Contains(strings.Join(but, " "), name) {
			s += v
		}
	}
	return s
}

// agree adds up what should add up.
func agree(value map[string]float64) {
	near := func(what string, a, b float64) {
		fmt.Println(what, math.Abs(a-b) <= 1e-6*math.Abs(b))
	}
	near("memory classes:", sum(value, "/memory/classes/", "/memory/classes/total:bytes"), value["/memory/classes/total:bytes"])
	near("scanned:", sum(value, "/gc/scan/", "/gc/scan/total:bytes"), value["/gc/scan/total:bytes"])
	near("cycles:", sum(value, "/gc/cycles/", "/gc/cycles/total:gc-cycles"), value["/gc/cycles/total:gc-cycles"])
	near("collector:", sum(value, "/cpu/classes/gc/", "/cpu/classes/gc/total:cpu-seconds"), value["/cpu/classes/gc/total:cpu-seconds"])
	near("scavenger:", sum(value, "/cpu/classes/scavenge/", "/cpu/classes/scavenge/total:cpu-seconds"), value["/cpu/classes/scavenge/total:cpu-seconds"])
	parts := value["/cpu/classes/gc/total:cpu-seconds"] + value["/cpu/classes/scavenge/total:cpu-seconds"] +
		value["/cpu/classes/user:cpu-seconds"] + value["/cpu/classes/idle:cpu-seconds"]
	near("processors:", parts, value["/cpu/classes/total:cpu-seconds"])
	near("allocations:", value["/gc/heap/allocs-by-size:bytes"], value["/gc/heap/allocs:objects"])
	near("frees:", value["/gc/heap/frees-by-size:bytes"], value["/gc/heap/frees:objects"])
	near("objects:", value["/gc/heap/allocs:objects"]-value["/gc/heap/frees:objects"], value["/gc/heap/objects:objects"])
	near("pauses:", value["/gc/pauses:seconds"], value["/sched/pauses/stopping/gc:seconds"])
}

// exact shows what is known beforehand.
func exact(value map[string]float64) {
	for _, name := range []string{
		"/gc/gogc:percent", "/gc/gomemlimit:bytes",
		"/gc/finalizers/queued:finalizers", "/gc/finalizers/executed:finalizers",
		"/gc/cleanups/queued:cleanups", "/gc/cleanups/executed:cleanups",
		"/sched/goroutines/not-in-go:goroutines",
		"/sched/pauses/stopping/other:seconds",
	} {
		fmt.Println(name, value[name])
	}
	least := func(name string, least float64) {
		fmt.Println(name, value[name] >= least)
	}
	least("/gc/heap/tiny/allocs:objects", 20000)
	least("/gc/heap/live:bytes", 40000*200)
	least("/gc/heap/goal:bytes", 40000*200*1.8)
	least("/gc/scan/heap:bytes", 40000*8)
	least("/sched/goroutines/running:goroutines", 1)
	least("/sched/goroutines/waiting:goroutines", 5)
	least("/sched/goroutines-created:goroutines", 14)
	least("/sched/threads/total:threads", 2)
	least("/sync/mutex/wait/total:seconds", 0.01)
}

// stats compares the older interfaces.
func stats(value map[string]float64) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("MemStats:", m.Alloc == m.HeapAlloc, m.HeapObjects == m.Mallocs-m.Frees,
		m.HeapSys == m.HeapInuse+m.HeapIdle, m.HeapReleased <= m.HeapIdle,
		m.Sys == m.HeapSys+m.StackSys+m.MSpanSys+m.MCacheSys+m.BuckHashSys+m.GCSys+m.OtherSys,
		m.MSpanInuse > 0 && m.MSpanInuse <= m.MSpanSys, m.MCacheInuse > 0 && m.MCacheInuse <= m.MCacheSys,
		m.GCSys > 0, m.OtherSys > 0, m.StackInuse > 0, m.GCCPUFraction > 0 && m.GCCPUFraction < 1,
		m.EnableGC, m.DebugGC, m.Lookups)
	fmt.Println(float64(m.NumGC) == value["/gc/cycles/total:gc-cycles"],
		float64(m.NumForcedGC) == value["/gc/cycles/forced:gc-cycles"],
		len(m.BySize), m.BySize[0], m.BySize[1].Size, m.BySize[60].Size)

	var s debug.GCStats
	s.PauseQuantiles = make([]time.Duration, 7)
	debug.ReadGCStats(&s)
	rising := true
	for i := range 6 {
		rising = rising && s.PauseQuantiles[i] <= s.PauseQuantiles[i+1]
	}
	newest := true
	for i := range len(s.PauseEnd) - 1 {
		newest = newest && !s.PauseEnd[i].Before(s.PauseEnd[i+1])
	}
	total := time.Duration(0)
	for _, p := range s.Pause {
		total += p
	}
	fmt.Println("GCStats:", s.NumGC == int64(m.NumGC), len(s.Pause) == int(s.NumGC), len(s.PauseEnd) == int(s.NumGC),
		rising, s.PauseQuantiles[0] > 0, newest, total == s.PauseTotal,
		s.LastGC.UnixNano() == int64(m.LastGC), s.PauseEnd[0].Equal(s.LastGC),
		uint64(s.PauseTotal) == m.PauseTotalNs, runtime.NumCgoCall())
}
