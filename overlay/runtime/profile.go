//goxide:replace package

package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// Profiles: the public API and what runtime/pprof links to. There are goroutine profiles;
// the profiles of allocations, blocking and locks have no records, and a CPU profile has no
// samples, because nothing collects them yet.

// StackRecord is one stack.
type StackRecord struct {
	Stack0 [32]uintptr // ends at the first 0
}

// Stack gives the program counters.
func (r *StackRecord) Stack() []uintptr { return upToZero(r.Stack0[:]) }

func upToZero(pcs []uintptr) []uintptr {
	for i, pc := range pcs {
		if pc == 0 {
			return pcs[:i]
		}
	}
	return pcs
}

// MemProfileRecord describes the objects allocated at one place.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes is the size of those that are live.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects is their number.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack gives the program counters of the allocation.
func (r *MemProfileRecord) Stack() []uintptr { return upToZero(r.Stack0[:]) }

// BlockProfileRecord describes blocking at one place.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// MemProfile has no records.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

// BlockProfile has no records.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// MutexProfile has no records.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// ThreadCreateProfile has no records: threads are not made by Go code.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) { return 0, true }

// SetBlockProfileRate has no effect yet.
func SetBlockProfileRate(rate int) {}

var mutexProfileFraction int

// SetMutexProfileFraction remembers the fraction and gives the old one; a negative one only
// asks.
func SetMutexProfileFraction(rate int) int {
	old := mutexProfileFraction
	if rate >= 0 {
		mutexProfileFraction = rate
	}
	return old
}

// goroutineRecords gives a record for each goroutine.
func goroutineRecords() []goroutineRecord {
	for space := num_goroutine() + 8; ; space *= 2 {
		records := make([]goroutineRecord, space)
		n := goroutine_profile(&records[0], space, 0)
		if n <= space {
			return records[:n]
		}
	}
}

// GoroutineProfile gives the stacks of all goroutines, if p has room for them.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	records := goroutineRecords()
	if len(records) > len(p) {
		return len(records), false
	}
	for i := range records {
		r := &records[i]
		k := copy(p[i].Stack0[:], r.pcs[:r.depth])
		clear(p[i].Stack0[k:])
	}
	return len(records), true
}

// SetCgoTraceback has no effect: there is no cgo.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}

// CPUProfile is left over from an old API.
func CPUProfile() []byte { panic(plainError("CPUProfile no longer available")) }

// cpuProfile is the state of the CPU profile: its reader waits on done.
var cpuProfile struct {
	lock    spinLock
	rate    int
	started bool
	done    uint32
}

// SetCPUProfileRate starts a profile with hz > 0, ends it with 0.
func SetCPUProfileRate(hz int) {
	cpuProfile.lock.lock()
	ended := hz <= 0 && cpuProfile.rate > 0
	cpuProfile.rate = max(hz, 0)
	cpuProfile.started = false
	cpuProfile.lock.unlock()
	if ended {
		semrelease(&cpuProfile.done, 0)
	}
}

// pprof_readProfile gives the header of the profile, then waits for its end.
//
//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	cpuProfile.lock.lock()
	first := !cpuProfile.started && cpuProfile.rate > 0
	rate := cpuProfile.rate
	cpuProfile.started = true
	cpuProfile.lock.unlock()
	if first {
		return []uint64{3, 0, uint64(rate)}, make([]unsafe.Pointer, 1), false
	}
	semacquire(&cpuProfile.done, 0, waitReasonSemacquire)
	return nil, nil, true
}

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1e9 }

//go:linkname pprof_setProfLabel runtime/pprof.runtime_setProfLabel
func pprof_setProfLabel(labels unsafe.Pointer) { getg().locals.labels = labels }

//go:linkname pprof_getProfLabel runtime/pprof.runtime_getProfLabel
func pprof_getProfLabel() unsafe.Pointer { return getg().locals.labels }

func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	records := goroutineRecords()
	if len(records) > len(p) {
		return len(records), false
	}
	for i := range records {
		r := &records[i]
		p[i].Stack = append([]uintptr(nil), r.pcs[:r.depth]...)
		if labels != nil {
			labels[i] = r.labels
		}
	}
	return len(records), true
}

// Leaks are not looked for.

//go:linkname pprof_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_goroutineleakcount() int { return 0 }

//go:linkname pprof_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_goroutineLeakGC() { GC() }

func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return 0, true
}

func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) {
	return 0, true
}

func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }
