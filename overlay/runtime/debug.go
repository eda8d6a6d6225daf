//goxide:replace package

package runtime

import "unsafe"

// What runtime/debug and internal/coverage link to. WriteHeapDump is not here: a program that
// calls it is not compiled.

//go:linkname debug_SetTraceback runtime/debug.SetTraceback
func debug_SetTraceback(level string) { set_traceback(level) }

// The reader cuts off 16 bytes at each end, where gc's linker puts markers.
//
//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string {
	info := module_header().buildInfo
	if info[1] == 0 {
		return ""
	}
	const marker = "0123456789abcdef"
	return marker + unsafe.String((*byte)(unsafe.Pointer(info[0])), info[1]) + marker
}

// debug_readGCStats fills: pauses and their ends, the newest first; time of the last
// collection, number of collections, total pause.
//
//go:linkname debug_readGCStats runtime/debug.readGCStats
func debug_readGCStats(out *[]uint64) {
	var m MemStats
	read_mem_stats(&m)
	n := min(int(m.NumGC), len(m.PauseNs))
	p := (*out)[:0]
	for i := 0; i < n; i++ {
		p = append(p, m.PauseNs[(int(m.NumGC)-1-i)%len(m.PauseNs)])
	}
	for i := 0; i < n; i++ {
		p = append(p, m.PauseEnd[(int(m.NumGC)-1-i)%len(m.PauseEnd)])
	}
	*out = append(p, m.LastGC, uint64(m.NumGC), m.PauseTotalNs)
}

//go:linkname debug_freeOSMemory runtime/debug.freeOSMemory
func debug_freeOSMemory() {
	GC()
	gc_free_os()
}

//go:linkname debug_setMaxStack runtime/debug.setMaxStack
func debug_setMaxStack(bytes int) int { return set_max_stack(bytes) }

//go:linkname debug_setGCPercent runtime/debug.setGCPercent
func debug_setGCPercent(percent int32) int32 { return int32(gc_set_percent(int(percent))) }

//go:linkname debug_setMemoryLimit runtime/debug.setMemoryLimit
func debug_setMemoryLimit(bytes int64) int64 { return gc_set_limit(bytes) }

//go:linkname debug_setPanicOnFault runtime/debug.setPanicOnFault
func debug_setPanicOnFault(on bool) bool {
	gp := getg()
	old := gp.locals.panicOnFault
	gp.locals.panicOnFault = on
	return old
}

// Programs that only list the library's functions, as interpreters do, name this one, too.
//
//go:linkname debug_WriteHeapDump runtime/debug.WriteHeapDump
func debug_WriteHeapDump(fd uintptr) {
	throw("runtime/debug.WriteHeapDump: goxide's runtime writes no heap dumps")
}

//go:linkname debug_setMaxThreads runtime/debug.setMaxThreads
func debug_setMaxThreads(n int) int { return set_max_threads(n) }

// setCrashFD gives the old descriptor, for the caller to close.
func setCrashFD(fd uintptr) uintptr { return set_crash_output(fd) }

// covCounterBlob is internal/coverage/rtcov's.
type covCounterBlob struct {
	counters *uint32
	len      uint64
}

//go:linkname coverage_getCovCounterList internal/coverage/cfile.getCovCounterList
func coverage_getCovCounterList() []covCounterBlob { return nil }
