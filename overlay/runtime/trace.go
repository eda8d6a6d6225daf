//goxide:replace package

package runtime

import "unsafe"

// Execution traces. The Rust half (crates/rt/src/tracer) writes them; here is the way out.
//
// A trace is a row of generations. The reader goroutine (ReadTrace) gets their pieces one by
// one, and also begins a new generation when the present one is old enough. Whoever asks
// for the end of a generation waits until the reader has dealt with all of it.

// tracePiece is what trace_next fills.
type tracePiece struct {
	data unsafe.Pointer
	size int
	read uint64 // generation that the reader has now read to its end, or 0
}

// What trace_next gives.
const (
	_ = iota // nothing yet
	traceChunk
	traceEnd
	traceAdvanceDue
)

// traceRead says how far the reader has come, and who waits for it.
var traceRead struct {
	lock       spinLock
	generation uint64
	waiters    int
	more       uint32 // semaphore of the waiters
}

// StartTrace begins a trace, which ReadTrace then gives.
//
//go:noinline
func StartTrace() error {
	if trace_start() != 0 {
		return errorString("tracing is already enabled")
	}
	return nil
}

// StopTrace ends the trace, if there is one, and returns when all of it has been read.
func StopTrace() { traceAdvance(true) }

// ReadTrace gives the next piece of the trace, nil at its end. It waits if there is none
// yet. The piece is valid until the next call; one goroutine at a time may read.
func ReadTrace() []byte {
	for {
		var piece tracePiece
		what := trace_next(&piece)
		if piece.read != 0 {
			traceHasRead(piece.read)
		}
		switch what {
		case traceChunk:
			return unsafe.Slice((*byte)(piece.data), piece.size)
		case traceEnd:
			return nil
		case traceAdvanceDue:
			trace_advance(0)
		default:
			park(waitReasonTraceReader)
		}
	}
}

// traceHasRead lets those go on who wait for the reader.
func traceHasRead(generation uint64) {
	r := &traceRead
	r.lock.lock()
	r.generation = max(r.generation, generation)
	n := r.waiters
	r.waiters = 0
	r.lock.unlock()
	for range n {
		semrelease(&r.more, 0)
	}
}

// traceAdvance ends the present generation (with stop, the trace) and waits until the reader
// has read it.
func traceAdvance(stop bool) {
	var last uintptr
	if stop {
		last = 1
	}
	generation := trace_advance(last)
	r := &traceRead
	for {
		r.lock.lock()
		if r.generation >= generation {
			r.lock.unlock()
			return
		}
		r.waiters++
		r.lock.unlock()
		semacquire(&r.more, 0, waitReasonSemacquire)
	}
}

// Timestamps of traces are in units of 64 ns: event::CLOCK_SHIFT of the Rust half.
const traceClockShift = 6

func traceClockNow() uint64 { return uint64(nanotime()) >> traceClockShift }

//go:linkname trace_traceClockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func trace_traceClockUnitsPerSecond() uint64 { return 1e9 >> traceClockShift }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parent uint64, taskType string) {
	trace_task_begin(id, parent, unsafe.Pointer(unsafe.StringData(taskType)), len(taskType))
}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) { trace_task_end(id) }

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, regionType string) {
	trace_region(id, mode, unsafe.Pointer(unsafe.StringData(regionType)), len(regionType))
}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {
	trace_log(id, unsafe.Pointer(unsafe.StringData(category)), len(category),
		unsafe.Pointer(unsafe.StringData(message)), len(message))
}
