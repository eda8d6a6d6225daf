//goxide:replace package

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// runtime/metrics. A name that is not known here reads as the kind "bad", which is what that
// package documents for metrics a runtime does not have.

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

const (
	metricBuckets = 162 // abi::METRIC_BUCKETS
	metricClasses = 68  // abi::METRIC_CLASSES
)

// metricWords is abi::MetricWords.
type metricWords struct {
	goroutinesByState [4]uint64
	goroutinesCreated uint64
	threads           uint64
	gcPercent         int64
	markedBytes       uint64
	globalBytes       uint64
	scannableBytes    uint64
	stackBytes        uint64
	firstStackBytes   uint64
	tinyMallocs       uint64
	finalizersQueued  uint64
	cleanupsQueued    uint64
	markNs            uint64
	assistNs          uint64
	pauseNs           uint64
	releaseNs         [2]uint64
	lockWaitNs        uint64
	byClass           [metricClasses][3]uint64
	latencies         [metricBuckets]uint64
	collectorStops    [2][metricBuckets]uint64
	otherStops        [2][metricBuckets]uint64
}

// metricState is what all the samples of one call read.
type metricState struct {
	MemStats
	metricWords
	elapsed, used float64 // seconds since the start, and of all threads' processor time
}

// metricsEpoch is when the runtime began, in nanoseconds of nanotime.
var metricsEpoch = nanotime()

// metricFloat64Histogram is metrics.Float64Histogram.
type metricFloat64Histogram struct {
	counts  []uint64
	buckets []float64
}

func float64FromBits(bits uint64) float64 { return *(*float64)(unsafe.Pointer(&bits)) }

func positiveInfinity() float64 { return float64FromBits(0x7FF0000000000000) }
func negativeInfinity() float64 { return float64FromBits(0xFFF0000000000000) }

// metricReading is what a call of metrics.Read works with.
var metricReading struct {
	lock  spinLock
	state metricState
}

// timeBuckets are the bounds of histograms of times, in seconds; sizeBuckets those of sizes.
var timeBuckets, sizeBuckets []float64

// makeTimeBuckets divides as abi::METRIC_BUCKETS says.
func makeTimeBuckets() []float64 {
	bounds := []float64{negativeInfinity()}
	for i := range metricBuckets - 2 {
		quarter := uint64(i % 4)
		ns := quarter << 6
		if power := i / 4; power > 0 {
			ns = (4 + quarter) << (power + 5)
		}
		bounds = append(bounds, float64(ns)/1e9)
	}
	return append(bounds, float64(uint64(1)<<47)/1e9, positiveInfinity())
}

// makeSizeBuckets has one for each size class, and one for large objects.
func makeSizeBuckets(w *metricWords) []float64 {
	bounds := []float64{1}
	for _, class := range w.byClass[1:] {
		bounds = append(bounds, float64(class[0]+1))
	}
	return append(bounds, positiveInfinity())
}

// histogram gives the sample's old histogram for reuse, or a new one.
func (s *metricSample) histogram(buckets []float64) *metricFloat64Histogram {
	h := (*metricFloat64Histogram)(s.pointer)
	if s.kind != metricHistogram || h == nil {
		h = new(metricFloat64Histogram)
	}
	h.buckets = buckets
	if n := len(buckets) - 1; len(h.counts) != n {
		h.counts = make([]uint64, n)
	}
	return h
}

func (s *metricSample) timeHistogram(counts *[metricBuckets]uint64) *metricFloat64Histogram {
	h := s.histogram(timeBuckets)
	copy(h.counts, counts[:])
	return h
}

// sizeHistogram counts objects: those of class 0 are the largest.
func (s *metricSample) sizeHistogram(w *metricWords, column int) *metricFloat64Histogram {
	h := s.histogram(sizeBuckets)
	for i := range h.counts {
		h.counts[i] = w.byClass[(i+1)%metricClasses][column]
	}
	return h
}

func (s *metricSample) readHistogram(m *metricState) *metricFloat64Histogram {
	switch s.name {
	case "/gc/heap/allocs-by-size:bytes":
		return s.sizeHistogram(&m.metricWords, 1)
	case "/gc/heap/frees-by-size:bytes":
		return s.sizeHistogram(&m.metricWords, 2)
	case "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds":
		return s.timeHistogram(&m.collectorStops[1])
	case "/sched/latencies:seconds":
		return s.timeHistogram(&m.latencies)
	case "/sched/pauses/stopping/gc:seconds":
		return s.timeHistogram(&m.collectorStops[0])
	case "/sched/pauses/stopping/other:seconds":
		return s.timeHistogram(&m.otherStops[0])
	case "/sched/pauses/total/other:seconds":
		return s.timeHistogram(&m.otherStops[1])
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
// divided into what the collector did (while the world stood, and beside the program), giving
// memory back, what the program did, and nothing. The collector's times are by the clock. If
// its threads had to wait for processors, they are more than what the program leaves of what
// was really used, or even than all: then they share what was used as the clock has it.
func readSeconds(name string, m *metricState) (float64, bool) {
	possible := m.elapsed * float64(gomaxprocs(0))
	clock := float64(m.pauseNs+m.markNs+m.assistNs+m.releaseNs[0]+m.releaseNs[1]) / 1e9
	part := 1.0
	if clock > possible {
		part = min(m.used/possible, 1)
	}
	seconds := func(ns uint64) float64 { return float64(ns) / 1e9 * part }
	collector := seconds(m.pauseNs) + seconds(m.markNs) + seconds(m.assistNs)
	release := seconds(m.releaseNs[0]) + seconds(m.releaseNs[1])
	all := max(possible, collector+release)
	rest := max(all-collector-release, 0)
	program := min(max(m.used-collector-release, m.used*rest/all), rest)
	switch name {
	case "/cpu/classes/gc/mark/assist:cpu-seconds":
		return seconds(m.assistNs), true
	case "/cpu/classes/gc/mark/dedicated:cpu-seconds":
		return seconds(m.markNs), true
	case "/cpu/classes/gc/mark/idle:cpu-seconds":
		return 0, true // No marking is done just because a processor is idle.
	case "/cpu/classes/gc/pause:cpu-seconds":
		return seconds(m.pauseNs), true
	case "/cpu/classes/gc/total:cpu-seconds":
		return collector, true
	case "/cpu/classes/scavenge/assist:cpu-seconds":
		return seconds(m.releaseNs[1]), true
	case "/cpu/classes/scavenge/background:cpu-seconds":
		return seconds(m.releaseNs[0]), true
	case "/cpu/classes/scavenge/total:cpu-seconds":
		return release, true
	case "/cpu/classes/user:cpu-seconds":
		return program, true
	case "/cpu/classes/idle:cpu-seconds":
		return rest - program, true
	case "/cpu/classes/total:cpu-seconds":
		return all, true
	case "/sync/mutex/wait/total:seconds":
		return float64(m.lockWaitNs) / 1e9, true
	}
	return 0, false
}

//go:linkname metrics_readMetrics runtime/metrics.runtime_readMetrics
func metrics_readMetrics(samples unsafe.Pointer, n, _ int) {
	metricReading.lock.lock()
	m := &metricReading.state
	read_mem_stats(&m.MemStats)
	read_metrics(&m.metricWords)
	m.elapsed, m.used = float64(nanotime()-metricsEpoch)/1e9, processorSeconds()
	if timeBuckets == nil {
		timeBuckets, sizeBuckets = makeTimeBuckets(), makeSizeBuckets(&m.metricWords)
	}
	for i := range n {
		s := (*metricSample)(add(samples, uintptr(i)*unsafe.Sizeof(metricSample{})))
		if h := s.readHistogram(m); h != nil {
			s.kind, s.pointer = metricHistogram, unsafe.Pointer(h)
		} else if seconds, ok := readSeconds(s.name, m); ok {
			s.kind, s.scalar = metricFloat64, *(*uint64)(unsafe.Pointer(&seconds))
		} else if value, ok := readCount(s.name, m); ok {
			s.kind, s.scalar = metricUint64, value
		} else {
			s.kind = metricBad
		}
	}
	metricReading.lock.unlock()
}

// readCount reads a metric that is a whole number.
func readCount(name string, m *metricState) (uint64, bool) {
	if value, ok := readMemoryClass(name, &m.MemStats); ok {
		return value, true
	}
	if value, ok := readCollector(name, m); ok {
		return value, true
	}
	switch name {
	case "/cgo/go-to-c-calls:calls":
		return 0, true // There are no such calls.
	case "/sched/gomaxprocs:threads":
		return uint64(gomaxprocs(0)), true
	case "/sched/goroutines:goroutines":
		return uint64(num_goroutine()), true
	case "/sched/goroutines-created:goroutines":
		return m.goroutinesCreated, true
	case "/sched/goroutines/waiting:goroutines":
		return m.goroutinesByState[0], true
	case "/sched/goroutines/runnable:goroutines":
		return m.goroutinesByState[1], true
	case "/sched/goroutines/running:goroutines":
		return m.goroutinesByState[2], true
	case "/sched/goroutines/not-in-go:goroutines":
		return m.goroutinesByState[3], true
	case "/sched/threads/total:threads":
		return m.threads, true
	}
	return readSettingMetric(name)
}

// readCollector reads what has to do with the collector.
func readCollector(name string, m *metricState) (uint64, bool) {
	switch name {
	case "/gc/cleanups/executed:cleanups":
		return atomic.Load64(&cleanupsRun), true
	case "/gc/cleanups/queued:cleanups":
		return m.cleanupsQueued, true
	case "/gc/cycles/automatic:gc-cycles":
		return uint64(m.NumGC - m.NumForcedGC), true
	case "/gc/cycles/forced:gc-cycles":
		return uint64(m.NumForcedGC), true
	case "/gc/cycles/total:gc-cycles":
		return uint64(m.NumGC), true
	case "/gc/finalizers/executed:finalizers":
		return atomic.Load64(&finalizersRun), true
	case "/gc/finalizers/queued:finalizers":
		return m.finalizersQueued, true
	case "/gc/gogc:percent":
		return uint64(m.gcPercent), true
	case "/gc/gomemlimit:bytes":
		return uint64(gc_set_limit(-1)), true
	case "/gc/heap/allocs:bytes":
		return m.TotalAlloc, true
	case "/gc/heap/allocs:objects":
		return m.Mallocs - m.tinyMallocs, true
	case "/gc/heap/frees:bytes":
		return m.TotalAlloc - m.Alloc, true
	case "/gc/heap/frees:objects":
		return m.Frees - m.tinyMallocs, true
	case "/gc/heap/goal:bytes":
		return m.NextGC, true
	case "/gc/heap/live:bytes":
		return m.markedBytes, true
	case "/gc/heap/objects:objects":
		return m.HeapObjects, true
	case "/gc/heap/tiny/allocs:objects":
		return m.tinyMallocs, true
	case "/gc/limiter/last-enabled:gc-cycle":
		return 0, true // There is no such limiter.
	case "/gc/scan/globals:bytes":
		return m.globalBytes, true
	case "/gc/scan/heap:bytes":
		return m.scannableBytes, true
	case "/gc/scan/stack:bytes":
		return m.stackBytes, true
	case "/gc/scan/total:bytes":
		return m.globalBytes + m.scannableBytes + m.stackBytes, true
	case "/gc/stack/starting-size:bytes":
		return m.firstStackBytes, true
	}
	return 0, false
}

// readMemoryClass reads one of the parts that all memory is divided into.
func readMemoryClass(name string, m *MemStats) (uint64, bool) {
	switch name {
	case "/memory/classes/heap/free:bytes":
		return m.HeapIdle - m.HeapReleased, true
	case "/memory/classes/heap/objects:bytes":
		return m.HeapAlloc, true
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
	case "/memory/classes/other:bytes":
		return m.OtherSys, true
	case "/memory/classes/profiling/buckets:bytes":
		return m.BuckHashSys, true
	case "/memory/classes/total:bytes":
		return m.Sys, true
	}
	return 0, false
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
