// runtime: memory statistics, debug settings, finalizers, cleanups, weak pointers, unique.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unique"
	"weak"
)

type node struct {
	next *node
	data [100]int
}

var keep []*node

func eventually(f func() bool) bool {
	for range 200 {
		runtime.GC()
		if f() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

//go:noinline
func allocate(n int) {
	for range n {
		keep = append(keep, &node{})
	}
}

//go:noinline
func pointTo() (w, w2 weak.Pointer[node], inner weak.Pointer[int]) {
	n := &node{}
	runtime.SetFinalizer(n, func(*node) { fmt.Println("never: it is removed") })
	runtime.SetFinalizer(n, nil)
	st := runtime.AddCleanup(n, func(int) { fmt.Println("never: it is stopped") }, 1)
	st.Stop()
	w = weak.Make(n)
	w2 = weak.Make(n)
	fmt.Println(w == w2, w.Value() == n, weak.Make[int](nil).Value() == nil)
	inner = weak.Make(&n.data[3])
	fmt.Println(inner.Value() == &n.data[3])
	runtime.KeepAlive(n)
	return w, w2, inner
}

func weakly() {
	w, w2, inner := pointTo()
	fmt.Println(eventually(func() bool { return w.Value() == nil }), inner.Value() == nil, w == w2)
}

func main() {
	var a, b, c runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&a)
	allocate(10000)
	runtime.ReadMemStats(&b)
	fmt.Println(b.TotalAlloc-a.TotalAlloc > 8e6, b.Mallocs-a.Mallocs >= 10000, b.HeapAlloc > a.HeapAlloc, b.Sys >= b.HeapSys, b.NumGC >= a.NumGC, b.HeapObjects > 10000)
	keep = nil
	runtime.GC()
	runtime.ReadMemStats(&c)
	fmt.Println(c.NumGC > b.NumGC, c.Frees > b.Frees, c.TotalAlloc >= b.TotalAlloc, c.PauseTotalNs >= b.PauseTotalNs, c.NumForcedGC > 0, len(c.BySize), c.LastGC > 0)
	debug.FreeOSMemory()

	old := debug.SetGCPercent(50)
	fmt.Println(old, debug.SetGCPercent(-1), debug.SetGCPercent(old))
	lim := debug.SetMemoryLimit(-1)
	fmt.Println(lim == 1<<63-1, debug.SetMemoryLimit(1<<30) == lim, debug.SetMemoryLimit(lim))
	ms := debug.SetMaxStack(1 << 26)
	fmt.Println(ms, debug.SetMaxStack(ms), debug.SetMaxThreads(10000), debug.SetPanicOnFault(false))
	var gs debug.GCStats
	debug.ReadGCStats(&gs)
	fmt.Println(gs.NumGC > 0, len(gs.Pause) > 0)
	bi, ok := debug.ReadBuildInfo()
	fmt.Println(ok, ok && bi.GoVersion != "")

	var finalized, cleaned atomic.Int32
	func() {
		for range 100 {
			n := &node{}
			runtime.SetFinalizer(n, func(n *node) { finalized.Add(1) })
			m := &node{}
			runtime.AddCleanup(m, func(i int32) { cleaned.Add(i) }, 2)
		}
	}()
	fmt.Println(eventually(func() bool { return finalized.Load() >= 95 && cleaned.Load() >= 190 }))
	// A finalizer may bring its object back once.
	var back *node
	func() {
		n := &node{}
		n.data[5] = 77
		runtime.SetFinalizer(n, func(n *node) { back = n; finalized.Store(1000) })
	}()
	fmt.Println(eventually(func() bool { return finalized.Load() >= 1000 }), back.data[5])
	weakly()
	h1, h2, h3 := unique.Make("a"+fmt.Sprint(1)), unique.Make("a1"), unique.Make(struct{ a any }{5})
	fmt.Println(h1 == h2, h1.Value(), h3.Value(), h3 == unique.Make(struct{ a any }{5}))
	for i := range 10000 {
		unique.Make(fmt.Sprint("temporary", i))
	}
	runtime.GC()
	fmt.Println(unique.Make("a1") == h1)

	all := metrics.All()
	names := map[string]bool{}
	for _, d := range all {
		names[d.Name] = true
	}
	for _, want := range []string{"/gc/heap/allocs:bytes", "/sched/goroutines:goroutines", "/memory/classes/total:bytes", "/gc/cycles/total:gc-cycles", "/sched/latencies:seconds", "/gc/pauses:seconds", "/sync/mutex/wait/total:seconds", "/cpu/classes/gc/total:cpu-seconds", "/sched/gomaxprocs:threads"} {
		fmt.Print(names[want], " ")
	}
	samples := []metrics.Sample{{Name: "/sched/goroutines:goroutines"}, {Name: "/gc/heap/allocs:bytes"}, {Name: "/no/such"}, {Name: "/gc/cycles/total:gc-cycles"}, {Name: "/sched/gomaxprocs:threads"}}
	metrics.Read(samples)
	fmt.Println(samples[0].Value.Uint64() >= 1, samples[1].Value.Uint64() > 1e6, samples[2].Value.Kind() == metrics.KindBad, samples[3].Value.Uint64() > 0, int(samples[4].Value.Uint64()) == runtime.GOMAXPROCS(0))
	var ps []string
	for _, p := range pprof.Profiles() {
		ps = append(ps, p.Name())
	}
	slices.Sort(ps)
	fmt.Println(strings.Contains(strings.Join(ps, " "), "goroutine"), pprof.Lookup("heap") != nil, pprof.Lookup("nope") == nil)
	var sb strings.Builder
	fmt.Println(pprof.Lookup("goroutine").WriteTo(&sb, 1), strings.HasPrefix(sb.String(), "goroutine profile: total"), strings.Contains(sb.String(), "main.main"), trace.IsEnabled())
}
