//goxide:replace package

package runtime

import "unsafe"

// runtime/metrics. A metric that is not known here reads as the kind "bad", which is what
// that package documents for metrics a runtime does not have.

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
	metricHistogram = 3
)

// metricFloat64Histogram is metrics.Float64Histogram.
type metricFloat64Histogram struct {
	counts  []uint64
	buckets []float64
}

// pauseHistogram counts the stops of the world that collections made, by seconds.
func pauseHistogram() *metricFloat64Histogram {
	var counts [24]uint64
	gc_pause_counts(&counts)
	h := &metricFloat64Histogram{buckets: []float64{0}}
	h.counts = append(h.counts, counts[:]...)
	bound := 1024e-9
	for range counts[1:] {
		h.buckets = append(h.buckets, bound)
		bound *= 2
	}
	const infinity = 0x7FF0000000000000
	bits := uint64(infinity)
	h.buckets = append(h.buckets, *(*float64)(unsafe.Pointer(&bits)))
	return h
}

//go:linkname metrics_readMetrics runtime/metrics.runtime_readMetrics
func metrics_readMetrics(samples unsafe.Pointer, n, _ int) {
	m := new(MemStats)
	read_mem_stats(m)
	for i := range unsafe.Slice((*metricSample)(samples), n) {
		s := (*metricSample)(add(samples, uintptr(i)*unsafe.Sizeof(metricSample{})))
		switch s.name {
		case "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds":
			s.kind, s.pointer = metricHistogram, unsafe.Pointer(pauseHistogram())
			continue
		}
		value, ok := readMetric(s.name, m)
		s.kind = metricBad
		if ok {
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
