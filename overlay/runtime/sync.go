//goxide:replace package

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// What sync, internal/sync, internal/poll and sync/atomic link to.

// notifyList is sync's list of the waiters of a Cond: tickets are handed out at wait, and
// those below notify have been woken. The Rust half uses lock, head and tail.
type notifyList struct {
	wait   uint32
	notify uint32
	lock   uintptr
	head   unsafe.Pointer
	tail   unsafe.Pointer
}

// Flags of semacquire. A durable wait counts as one for synctest: see synctestBubble.
const (
	semaLIFO    = 1
	semaDurable = 2
)

func flagsOf(lifo bool) uintptr {
	if lifo {
		return semaLIFO
	}
	return 0
}

func word(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}

//go:linkname sync_Semacquire sync.runtime_Semacquire
func sync_Semacquire(s *uint32) { semacquire(s, 0, waitReasonSemacquire) }

//go:linkname poll_Semacquire internal/poll.runtime_Semacquire
func poll_Semacquire(s *uint32) { semacquire(s, 0, waitReasonSemacquire) }

//go:linkname poll_Semrelease internal/poll.runtime_Semrelease
func poll_Semrelease(s *uint32) { semrelease(s, 0) }

//go:linkname sync_SemacquireWaitGroup sync.runtime_SemacquireWaitGroup
func sync_SemacquireWaitGroup(s *uint32, durable bool) {
	var flags uintptr
	if durable {
		flags = semaDurable
	}
	semacquire(s, flags, waitReasonSyncWaitGroup)
}

//go:linkname sync_SemacquireRWMutexR sync.runtime_SemacquireRWMutexR
func sync_SemacquireRWMutexR(s *uint32, lifo bool, skip int) {
	semacquire(s, flagsOf(lifo), waitReasonSyncRWMutexR)
}

//go:linkname sync_SemacquireRWMutex sync.runtime_SemacquireRWMutex
func sync_SemacquireRWMutex(s *uint32, lifo bool, skip int) {
	semacquire(s, flagsOf(lifo), waitReasonSyncRWMutex)
}

//go:linkname internal_sync_SemacquireMutex internal/sync.runtime_SemacquireMutex
func internal_sync_SemacquireMutex(s *uint32, lifo bool, skip int) {
	semacquire(s, flagsOf(lifo), waitReasonSyncMutex)
}

//go:linkname sync_Semrelease sync.runtime_Semrelease
func sync_Semrelease(s *uint32, handoff bool, skip int) { semrelease(s, word(handoff)) }

//go:linkname internal_sync_Semrelease internal/sync.runtime_Semrelease
func internal_sync_Semrelease(s *uint32, handoff bool, skip int) { semrelease(s, word(handoff)) }

// Spinning pays only while the holder runs on another CPU; parking is cheap enough here
// that a short busy wait is tried a few times and no more.
//
//go:linkname internal_sync_canSpin internal/sync.runtime_canSpin
func internal_sync_canSpin(i int) bool { return i < 4 && procs > 1 }

//go:linkname internal_sync_doSpin internal/sync.runtime_doSpin
func internal_sync_doSpin() {
	for i := 0; i < 30; i++ {
		atomic.Load(&spinTarget)
	}
}

var spinTarget uint32

//go:linkname internal_sync_nanotime internal/sync.runtime_nanotime
func internal_sync_nanotime() int64 { return nanotime() }

//go:linkname internal_sync_throw internal/sync.throw
func internal_sync_throw(s string) { throw(s) }

//go:linkname internal_sync_fatal internal/sync.fatal
func internal_sync_fatal(s string) { fatal(s) }

//go:linkname sync_throw sync.throw
func sync_throw(s string) { throw(s) }

//go:linkname sync_fatal sync.fatal
func sync_fatal(s string) { fatal(s) }

//go:linkname sync_notifyListAdd sync.runtime_notifyListAdd
func sync_notifyListAdd(l *notifyList) uint32 { return atomic.Xadd(&l.wait, 1) - 1 }

//go:linkname sync_notifyListWait sync.runtime_notifyListWait
func sync_notifyListWait(l *notifyList, ticket uint32) { notify_wait(l, uintptr(ticket)) }

//go:linkname sync_notifyListNotifyAll sync.runtime_notifyListNotifyAll
func sync_notifyListNotifyAll(l *notifyList) {
	if atomic.Load(&l.wait) != atomic.Load(&l.notify) {
		notify_all(l)
	}
}

//go:linkname sync_notifyListNotifyOne sync.runtime_notifyListNotifyOne
func sync_notifyListNotifyOne(l *notifyList) {
	if atomic.Load(&l.wait) != atomic.Load(&l.notify) {
		notify_one(l)
	}
}

//go:linkname sync_notifyListCheck sync.runtime_notifyListCheck
func sync_notifyListCheck(size uintptr) {
	if size != unsafe.Sizeof(notifyList{}) {
		throw("bad notifyList size")
	}
}

//go:linkname sync_procPin sync.runtime_procPin
func sync_procPin() int { return proc_pin() }

//go:linkname sync_procUnpin sync.runtime_procUnpin
func sync_procUnpin() { proc_unpin() }

//go:linkname sync_atomic_procPin sync/atomic.runtime_procPin
func sync_atomic_procPin() int { return proc_pin() }

//go:linkname sync_atomic_procUnpin sync/atomic.runtime_procUnpin
func sync_atomic_procUnpin() { proc_unpin() }
