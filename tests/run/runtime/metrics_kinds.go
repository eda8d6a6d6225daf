// Metrics of all kinds: those that programs read, with the kind that is documented for them.
package main

import (
	"fmt"
	"math"
	"runtime"
	"runtime/metrics"
)

var sink []byte

func main() {
	names := []string{
		"/cpu/classes/gc/mark/assist:cpu-seconds",
		"/cpu/classes/gc/mark/dedicated:cpu-seconds",
		"/cpu/classes/gc/pause:cpu-seconds",
		"/cpu/classes/gc/total:cpu-seconds",
		"/cpu/classes/idle:cpu-seconds",
		"/cpu/classes/scavenge/total:cpu-seconds",
		"/cpu/classes/total:cpu-seconds",
		"/cpu/classes/user:cpu-seconds",
		"/gc/cycles/forced:gc-cycles",
		"/gc/heap/allocs-by-size:bytes",
		"/gc/heap/frees-by-size:bytes",
		"/gc/heap/allocs:objects",
		"/gc/pauses:seconds",
		"/memory/classes/metadata/mspan/inuse:bytes",
		"/memory/classes/total:bytes",
		"/sched/goroutines:goroutines",
		"/sched/latencies:seconds",
		"/sched/pauses/total/gc:seconds",
		"/sync/mutex/wait/total:seconds",
		"/no/such/metric:bytes",
	}
	documented := map[string]metrics.ValueKind{}
	for _, d := range metrics.All() {
		documented[d.Name] = d.Kind
	}
	for range 1000 {
		sink = make([]byte, 500)
	}
	runtime.GC()
	samples := make([]metrics.Sample, len(names))
	for i := range samples {
		samples[i].Name = names[i]
	}
	metrics.Read(samples)
	for _, s := range samples {
		fmt.Println(s.Name, s.Value.Kind() == documented[s.Name])
		switch s.Value.Kind() {
		case metrics.KindFloat64:
			fmt.Println("  not negative:", s.Value.Float64() >= 0)
		case metrics.KindFloat64Histogram:
			h := s.Value.Float64Histogram()
			rising := true
			for i := 1; i < len(h.Buckets); i++ {
				rising = rising && h.Buckets[i-1] < h.Buckets[i]
			}
			fmt.Println("  buckets:", len(h.Buckets) == len(h.Counts)+1, rising,
				math.IsInf(h.Buckets[len(h.Buckets)-1], 1))
		}
	}
	sizes := samples[9].Value.Float64Histogram()
	for i, n := range sizes.Counts {
		if sizes.Buckets[i] <= 512 && 512 < sizes.Buckets[i+1] {
			fmt.Println("objects of 500 bytes are counted:", n >= 1000)
		}
	}
	fmt.Println("a collection stopped the world:", counted(samples[12].Value.Float64Histogram()) > 0)
	fmt.Println("total processor time is some:", samples[6].Value.Float64() > 0)
}

func counted(h *metrics.Float64Histogram) (n uint64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}
