//goxide:replace package

package runtime

import "unsafe"

// Functions that nothing of the library needs, but modules of others reach by
// //go:linkname, and that Go therefore keeps under these names and with these signatures.

// reflect_typelinks is what reflect.compiledTypelinks was before Go 1.27: a section, and
// distances from there, in the order of the types' strings.
//
//go:linkname reflect_typelinks reflect.typelinks
func reflect_typelinks() ([]unsafe.Pointer, [][]int32) {
	section := module_header().rodata[0]
	types, _ := reflect_compiledTypelinks()
	offsets := make([]int32, len(types))
	for i, t := range types {
		offsets[i] = int32(uintptr(unsafe.Pointer(t)) - section)
	}
	return []unsafe.Pointer{unsafe.Pointer(section)}, [][]int32{offsets}
}

//go:linkname sync_canSpin sync.runtime_canSpin
func sync_canSpin(i int) bool { return internal_sync_canSpin(i) }

//go:linkname sync_doSpin sync.runtime_doSpin
func sync_doSpin() { internal_sync_doSpin() }

// gopark makes the goroutine wait for goready, unless unlockf says that it need not. Go
// calls unlockf when the goroutine waits already; here it is called before, and a goready
// that comes in between is remembered.
//
// The parameters traceReason and skip say how traces show the wait; they are not used.
func gopark(unlockf func(gp *g, lock unsafe.Pointer) bool, lock unsafe.Pointer, reason, traceReason uint8, skip int) {
	if unlockf == nil || unlockf(getg(), lock) {
		park(waitReasonOf(reason))
	}
}

// goready lets a goroutine go on that is in gopark, or about to be.
func goready(gp *g, skip int) {
	ready(gp)
}

// wakep asks for one more thread to look for work. There always is one when a goroutine
// becomes ready, so there is nothing to do.
func wakep() {}

// entersyscallblock is entersyscall with the advice to let the next goroutine run at once.
// Whoever looks after threads in system calls sees that soon enough.
func entersyscallblock() {
	entersyscall()
}

// getm tells threads apart.
func getm() uintptr { return getg().m }

func chanbuf(c *hchan, i uint) unsafe.Pointer {
	return unsafe.Add(c.buffer, uintptr(i)*c.elemBytes)
}

// waitReasonOf translates Go's number of a reason for waiting. Reasons that only Go's own
// runtime has are shown as one that any semaphore may have.
func waitReasonOf(number uint8) uintptr {
	switch number {
	case 0:
		return waitReasonNone
	case 14:
		return waitReasonSleep
	case 15:
		return waitReasonNilReceive
	case 16:
		return waitReasonNilSend
	case 17:
		return waitReasonSelectNoCases
	case 18:
		return waitReasonSelect
	case 19:
		return waitReasonChanReceive
	case 20:
		return waitReasonChanSend
	case 21:
		return waitReasonSyncCond
	case 22:
		return waitReasonSyncMutex
	case 23:
		return waitReasonSyncRWMutexR
	case 24:
		return waitReasonSyncRWMutex
	case 25:
		return waitReasonSyncWaitGroup
	}
	return waitReasonSemacquire
}
