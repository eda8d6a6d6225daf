//goxide:replace package

package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// Profiles: the public API and what runtime/pprof links to. The Rust half counts events by
// stack and takes samples; here stacks are unfolded into calls. The CPU profile is in
// cpuprofile.go.

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

// MemProfileRate is how many bytes are allocated between two samples of the profile of
// allocations, on average: 1 samples all objects, 0 none.
var MemProfileRate int = 512 * 1024

// Numbers of abi::ProfileKind and abi::ProfileSetting.
const (
	profileMemory = iota
	profileBlock
	profileMutex
	profileThreads
)
const (
	settingMemoryRate = iota
	settingBlockRate
	settingMutexFraction
)

// noteMemProfileRate tells the Rust half where the rate is. It samples only if the program has
// memProfileRecords. It looks at the rate when a P needs new free slots, and takes those of all
// Ps back if it has changed; this gives those of this P back, so a program that begins with
// setting the rate has all that follows sampled by it.
func noteMemProfileRate() {
	profile_setting(settingMemoryRate, uintptr(unsafe.Pointer(&MemProfileRate)))
}

// eachRecord calls f for the records of a profile and gives their number, for which there
// must be room; if there is not, f is not called.
func eachRecord(kind uintptr, room int, f func(r *profileRecord)) (n int, ok bool) {
	n = profile_record(kind, 0, nil)
	if n > room {
		return n, false
	}
	var record profileRecord
	for i := range n {
		profile_record(kind, i, &record)
		f(&record)
	}
	return n, true
}

// memProfileRecords gives the records of the profile of allocations, without those of which
// nothing is live unless inuseZero. A program that does not have this function has no
// allocations sampled (abi::EntryPoint::MemProfile).
//
//go:noinline
func memProfileRecords(room int, inuseZero bool, f func(profilerecord.MemProfileRecord)) (n int, ok bool) {
	var records []profilerecord.MemProfileRecord
	eachRecord(profileMemory, maxInt, func(r *profileRecord) {
		if !inuseZero && r.count == r.amount {
			return
		}
		records = append(records, profilerecord.MemProfileRecord{
			ObjectSize:   int64(r.size),
			AllocObjects: int64(r.count),
			FreeObjects:  int64(r.amount),
			Stack:        wholeStack(r.pcs[:r.depth]),
		})
	})
	if len(records) > room {
		return len(records), false
	}
	for _, r := range records {
		f(r)
	}
	return len(records), true
}

const maxInt = int(^uint(0) >> 1)

// MemProfile gives the records of the profile of allocations as of the end of the last
// collection, if p has room for them.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) {
	i := 0
	return memProfileRecords(len(p), inuseZero, func(r profilerecord.MemProfileRecord) {
		p[i].AllocBytes = r.AllocObjects * r.ObjectSize
		p[i].FreeBytes = r.FreeObjects * r.ObjectSize
		p[i].AllocObjects = r.AllocObjects
		p[i].FreeObjects = r.FreeObjects
		setStack(&p[i].Stack0, r.Stack)
		i++
	})
}

// wholeStack gives the calls on a stack of physical frames, down to what every goroutine's
// first function returns to.
func wholeStack(frames []uintptr) []uintptr {
	return append(unfold(nil, frames), ownPC(goexit))
}

func setStack(to *[32]uintptr, pcs []uintptr) {
	n := copy(to[:], pcs)
	clear(to[n:])
}

func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	i := 0
	return memProfileRecords(len(p), inuseZero, func(r profilerecord.MemProfileRecord) {
		p[i] = r
		i++
	})
}

// waitRecords gives the records of the profiles of waiting.
func waitRecords(kind uintptr, room int, f func(profilerecord.BlockProfileRecord)) (n int, ok bool) {
	return eachRecord(kind, room, func(r *profileRecord) {
		f(profilerecord.BlockProfileRecord{
			Count:  int64(r.count),
			Cycles: int64(r.amount),
			Stack:  withoutHelpers(wholeStack(r.pcs[:r.depth])),
		})
	})
}

// withoutHelpers leaves of the functions behind a wait only the one that stands for it: an
// exported function of package sync, or what Go names an operation on channels.
func withoutHelpers(stack []uintptr) []uintptr {
	var frame frameWords
	for len(stack) > 1 && lookup(stack[0]-1, &frame) {
		if frame.name == "runtime.selectcases" {
			stack[0] = ownPC(selectgo)
			break
		}
		helper := isHelper(frame.name)
		if !helper && hasPrefix(frame.name, "runtime.") {
			helper = lookup(stack[1]-1, &frame) && hasPrefix(frame.name, "runtime.")
		}
		if !helper {
			break
		}
		stack = stack[1:]
	}
	return stack
}

// isHelper tells whether a function is called by others of package sync to wait or to wake, or
// is linked to by it.
func isHelper(name string) bool {
	switch name {
	case "sync.(*RWMutex).rUnlockSlow":
		return true
	}
	return hasPrefix(name, "internal/sync.") || hasPrefix(name, "sync.runtime_")
}

// BlockProfile gives the records of the profile of waits, if p has room for them.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) {
	return waitProfile(profileBlock, p)
}

// MutexProfile gives the records of the profile of contention, if p has room for them.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) {
	return waitProfile(profileMutex, p)
}

func waitProfile(kind uintptr, p []BlockProfileRecord) (n int, ok bool) {
	i := 0
	return waitRecords(kind, len(p), func(r profilerecord.BlockProfileRecord) {
		p[i].Count = r.Count
		p[i].Cycles = r.Cycles
		setStack(&p[i].Stack0, r.Stack)
		i++
	})
}

func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	i := 0
	return waitRecords(profileBlock, len(p), func(r profilerecord.BlockProfileRecord) {
		p[i] = r
		i++
	})
}

func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	i := 0
	return waitRecords(profileMutex, len(p), func(r profilerecord.BlockProfileRecord) {
		p[i] = r
		i++
	})
}

// SetBlockProfileRate has waits of rate nanoseconds and more counted, and a share of the
// shorter ones; 1 has all counted, 0 and less none.
func SetBlockProfileRate(rate int) {
	profile_setting(settingBlockRate, uintptr(max(rate, 0)))
}

var mutexProfileFraction int

// SetMutexProfileFraction has one contention in rate counted, 0 none, and gives the old
// fraction; a negative one only asks.
func SetMutexProfileFraction(rate int) int {
	old := mutexProfileFraction
	if rate >= 0 {
		mutexProfileFraction = rate
		profile_setting(settingMutexFraction, uintptr(rate))
	}
	return old
}

// ThreadCreateProfile has an empty record for each thread: they are not made by Go code.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) {
	n = profile_record(profileThreads, 0, nil)
	if n > len(p) {
		return n, false
	}
	clear(p[:n])
	return n, true
}

func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) {
	n = profile_record(profileThreads, 0, nil)
	if n > len(p) {
		return n, false
	}
	clear(p[:n])
	return n, true
}

// goroutineRecords gives a record for each goroutine, or with leaked for each that leaks.
func goroutineRecords(leaked bool) []goroutineRecord {
	space := num_goroutine() + 8
	if leaked {
		space = gc_leak_count() + 1
	}
	for ; ; space *= 2 {
		records := make([]goroutineRecord, space)
		n := goroutine_profile(&records[0], space, word(leaked))
		if n <= space {
			return records[:n]
		}
	}
}

// GoroutineProfile gives the stacks of all goroutines, if p has room for them.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	records := goroutineRecords(false)
	if len(records) > len(p) {
		return len(records), false
	}
	for i := range records {
		r := &records[i]
		setStack(&p[i].Stack0, wholeStack(r.pcs[:r.depth]))
	}
	return len(records), true
}

// SetCgoTraceback has no effect: there is no cgo.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}

// CPUProfile is left over from an old API.
func CPUProfile() []byte { panic(plainError("CPUProfile no longer available")) }

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1e9 }

//go:linkname pprof_setProfLabel runtime/pprof.runtime_setProfLabel
func pprof_setProfLabel(labels unsafe.Pointer) { getg().locals.labels = labels }

//go:linkname pprof_getProfLabel runtime/pprof.runtime_getProfLabel
func pprof_getProfLabel() unsafe.Pointer { return getg().locals.labels }

func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return goroutineStacks(p, labels, false)
}

func goroutineStacks(p []profilerecord.StackRecord, labels []unsafe.Pointer, leaked bool) (n int, ok bool) {
	records := goroutineRecords(leaked)
	if len(records) > len(p) {
		return len(records), false
	}
	for i := range records {
		r := &records[i]
		p[i].Stack = wholeStack(r.pcs[:r.depth])
		if labels != nil {
			labels[i] = r.labels
		}
	}
	return len(records), true
}

//go:linkname pprof_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_goroutineleakcount() int { return gc_leak_count() }

//go:linkname pprof_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_goroutineLeakGC() { gc_find_leaks() }

func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return goroutineStacks(p, labels, true)
}

func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }
