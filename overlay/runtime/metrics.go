//goxide:replace package

package runtime

import "unsafe"

// runtime/metrics. A number that is not known here reads as the kind "bad", which is what
// that package documents for metrics a runtime does not have. Histograms and times have
// their kind always; those that nobody measures (waiting to be scheduled, for a mutex, for
// the world to stop, and stops that are no collection's) count nothing.

// metricSample is metrics.Sample.
type metricSample struct {
	name    string
	kind    int
	scalar  uint64
	pointer unsafe.Pointer
}

const (
	metricBad       = 0
	metricUint64    = 1
	metricFloat64   = 2
	metricHistogram = 3
)

// metricsEpoch is when the runtime began, in nanoseconds of nanotime.
var metricsEpoch = nanotime()

// metricFloat64Histogram is metrics.Float64Histogram.
type metricFloat64Histogram struct {
	counts  []uint64
	buckets []float64
}

func float64FromBits(bits uint64) float64 { return *(*float64)(unsafe.Pointer(&bits)) }

func positiveInfinity() float64 { return float64FromBits(0x7FF0000000000000) }

// pauseHistogram has the buckets of gc_pause_counts, by seconds, with these counts.
func pauseHistogram(counts *[24]uint64) *metricFloat64Histogram {
	h := &metricFloat64Histogram{buckets: []float64{0}}
	h.counts = append(h.counts, counts[:]...)
	bound := 1024e-9
	for range counts[1:] {
		h.buckets = append(h.buckets, bound)
		bound *= 2
	}
	h.buckets = append(h.buckets, positiveInfinity())
	return h
}

// sizeHistogram counts objects by size: those of each class, and larger ones as the rest of
// the total.
func sizeHistogram(m *MemStats, total uint64, count func(class int) uint64) *metricFloat64Histogram {
	h := &metricFloat64Histogram{buckets: []float64{1}}
	for class := 1; class < len(m.BySize); class++ {
		n := count(class)
		h.counts = append(h.counts, n)
		h.buckets = append(h.buckets, float64(m.BySize[class].Size)+1)
		total -= min(n, total)
	}
	h.counts = append(h.counts, total)
	h.buckets = append(h.buckets, positiveInfinity())
	return h
}

func readHistogram(name string, m *MemStats) *metricFloat64Histogram {
	var counts [24]uint64
	switch name {
	case "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds":
		gc_pause_counts(&counts)
		return pauseHistogram(&counts)
	case "/sched/latencies:seconds", "/sched/pauses/stopping/gc:seconds",
		"/sched/pauses/stopping/other:seconds", "/sched/pauses/total/other:seconds":
		return pauseHistogram(&counts)
	case "/gc/heap/allocs-by-size:bytes":
		return sizeHistogram(m, m.Mallocs, func(class int) uint64 { return m.BySize[class].Mallocs })
	case "/gc/heap/frees-by-size:bytes":
		return sizeHistogram(m, m.Frees, func(class int) uint64 { return m.BySize[class].Frees })
	}
	return nil
}

// processorSeconds is the time that all threads of the process have run.
func processorSeconds() float64 {
	const clockGettime, processClock = 228, 2
	var now [2]int64
	rawSyscall6(clockGettime, processClock, uintptr(unsafe.Pointer(&now)), 0, 0, 0, 0)
	return float64(now[0]) + float64(now[1])/1e9
}

// readSeconds reads a metric of processor time. All that processors could have done is
// divided into what the collector did (while the world stood, and beside the program), what
// the program did, and nothing.
func readSeconds(name string, m *MemStats) (float64, bool) {
	all := float64(nanotime()-metricsEpoch) / 1e9 * float64(gomaxprocs(0))
	collector := min(m.GCCPUFraction*all, all)
	stopped := min(float64(m.PauseTotalNs)/1e9*float64(gomaxprocs(0)), collector)
	program := min(max(processorSeconds()-collector, 0), all-collector)
	switch name {
	case "/cpu/classes/gc/pause:cpu-seconds":
		return stopped, true
	case "/cpu/classes/gc/mark/dedicated:cpu-seconds":
		return collector - stopped, true
	case "/cpu/classes/gc/total:cpu-seconds":
		return collector, true
	case "/cpu/classes/user:cpu-seconds":
		return program, true
	case "/cpu/classes/idle:cpu-seconds":
		return all - collector - program, true
	case "/cpu/classes/total:cpu-seconds":
		return all, true
	case "/cpu/classes/gc/mark/assist:cpu-seconds", "/cpu/classes/gc/mark/idle:cpu-seconds",
		"/cpu/classes/scavenge/assist:cpu-seconds", "/cpu/classes/scavenge/background:cpu-seconds",
		"/cpu/classes/scavenge/total:cpu-seconds", "/sync/mutex/wait/total:seconds":
		return 0, true
	}
	return 0, false
}

//go:linkname metrics_readMetrics runtime/metrics.runtime_readMetrics
func metrics_readMetrics(samples unsafe.Pointer, n, _ int) {
	m := new(MemStats)
	read_mem_stats(m)
	for i := range unsafe.Slice((*metricSample)(samples), n) {
		s := (*metricSample)(add(samples, uintptr(i)*unsafe.Sizeof(metricSample{})))
		s.kind = metricBad
		if h := readHistogram(s.name, m); h != nil {
			s.kind, s.pointer = metricHistogram, unsafe.Pointer(h)
		} else if seconds, ok := readSeconds(s.name, m); ok {
			s.kind, s.scalar = metricFloat64, *(*uint64)(unsafe.Pointer(&seconds))
		} else if value, ok := readMetric(s.name, m); ok {
			s.kind, s.scalar = metricUint64, value
		}
	}
}

func readMetric(name string, m *MemStats) (uint64, bool) {
	switch name {
	case "/gc/cycles/automatic:gc-cycles":
		return uint64(m.NumGC - m.NumForcedGC), true
	case "/gc/cycles/forced:gc-cycles":
		return uint64(m.NumForcedGC), true
	case "/gc/cycles/total:gc-cycles":
		return uint64(m.NumGC), true
	case "/gc/heap/allocs:bytes":
		return m.TotalAlloc, true
	case "/gc/heap/allocs:objects":
		return m.Mallocs, true
	case "/gc/heap/frees:bytes":
		return m.TotalAlloc - m.Alloc, true
	case "/gc/heap/frees:objects":
		return m.Frees, true
	case "/gc/gomemlimit:bytes":
		return uint64(gc_set_limit(-1)), true
	case "/gc/heap/goal:bytes":
		return m.NextGC, true
	case "/gc/heap/live:bytes", "/memory/classes/heap/objects:bytes":
		return m.HeapAlloc, true
	case "/gc/heap/objects:objects":
		return m.HeapObjects, true
	case "/gc/heap/tiny/allocs:objects":
		return 0, true
	case "/memory/classes/heap/free:bytes":
		return m.HeapIdle - m.HeapReleased, true
	case "/memory/classes/heap/released:bytes":
		return m.HeapReleased, true
	case "/memory/classes/heap/stacks:bytes":
		return m.StackInuse, true
	case "/memory/classes/heap/unused:bytes":
		return m.HeapInuse - m.HeapAlloc, true
	case "/memory/classes/metadata/mcache/free:bytes":
		return m.MCacheSys - m.MCacheInuse, true
	case "/memory/classes/metadata/mcache/inuse:bytes":
		return m.MCacheInuse, true
	case "/memory/classes/metadata/mspan/free:bytes":
		return m.MSpanSys - m.MSpanInuse, true
	case "/memory/classes/metadata/mspan/inuse:bytes":
		return m.MSpanInuse, true
	case "/memory/classes/metadata/other:bytes":
		return m.GCSys, true
	case "/memory/classes/os-stacks:bytes":
		return m.StackSys - m.StackInuse, true
	case "/memory/classes/profiling/buckets:bytes":
		return m.BuckHashSys, true
	case "/cgo/go-to-c-calls:calls", "/gc/limiter/last-enabled:gc-cycle":
		return 0, true // There are no such calls and no such limiter.
	case "/memory/classes/other:bytes":
		return m.OtherSys, true
	case "/memory/classes/total:bytes":
		return m.Sys, true
	case "/sched/gomaxprocs:threads":
		return uint64(gomaxprocs(0)), true
	case "/sched/goroutines:goroutines":
		return uint64(num_goroutine()), true
	}
	return readSettingMetric(name)
}

// readSettingMetric reads how often a GODEBUG setting has made a difference; one that
// nobody has registered has made none.
func readSettingMetric(name string) (uint64, bool) {
	const prefix, suffix = "/godebug/non-default-behavior/", ":events"
	if !hasPrefix(name, prefix) || len(name) < len(prefix)+len(suffix) || name[len(name)-len(suffix):] != suffix {
		return 0, false
	}
	setting := name[len(prefix) : len(name)-len(suffix)]
	godebugState.lock.lock()
	read := godebugState.metricReaders[setting]
	godebugState.lock.unlock()
	if read == nil {
		return 0, true
	}
	return read(), true
}
