//goxide:replace package

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// The CPU profile: its beginning and end, and the samples in the form that runtime/pprof reads.

// cpuProfile is the state of the profile. It is open from its start until its reader has seen
// its end; the reader waits on wake, if waiting is 1.
var cpuProfile struct {
	lock    spinLock
	open    bool
	started bool // the reader has had the header
	rate    int
	on      bool // it has not been ended
	waiting uint32
	wake    uint32
	timer   *timer
}

// readerPeriod is how often the reader looks for samples, in nanoseconds. A signal handler
// cannot wake it.
const readerPeriod = 100e6

// SetCPUProfileRate starts a profile with hz samples per second of CPU time, ends it with 0.
func SetCPUProfileRate(hz int) {
	hz = min(max(hz, 0), 1000000)
	p := &cpuProfile
	p.lock.lock()
	if hz > 0 && p.open {
		p.lock.unlock()
		print("runtime: cannot set cpu profile rate until previous profile has finished.\n")
		return
	}
	ends := hz == 0 && p.on
	if hz > 0 || ends {
		cpu_profile_rate(hz)
	}
	p.on = hz > 0
	if hz > 0 {
		p.open, p.started, p.rate = true, false, hz
	}
	p.lock.unlock()
	if ends {
		wakeProfileReader(nil, 0, 0)
	}
}

// wakeProfileReader is the function of the reader's timer, too.
func wakeProfileReader(any, uintptr, int64) {
	if atomic.Cas(&cpuProfile.waiting, 1, 0) {
		semrelease(&cpuProfile.wake, 0)
	}
}

// pprof_readProfile gives the header of the profile first, then samples whenever there are some,
// and at the end eof. A record is: its length, a time that nobody reads, how many ticks it
// stands for, and the stack.
//
//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	p := &cpuProfile
	for {
		p.lock.lock()
		rate, on, open, started := p.rate, p.on, p.open, p.started
		p.started = true
		p.lock.unlock()
		if open && !started {
			if p.timer == nil {
				p.timer = &timer{fn: wakeProfileReader}
			}
			return []uint64{3, 0, uint64(rate)}, make([]unsafe.Pointer, 1), false
		}
		// It may end after the look at its state: then these are not the last samples.
		if data, tags = takeSamples(); len(data) > 0 {
			return data, tags, false
		}
		if !on {
			p.lock.lock()
			p.open = false
			p.lock.unlock()
			return nil, nil, true
		}
		waitForSamples()
	}
}

func waitForSamples() {
	p := &cpuProfile
	atomic.Store(&p.waiting, 1)
	p.lock.lock()
	ended := !p.on
	p.lock.unlock()
	if ended && atomic.Cas(&p.waiting, 1, 0) {
		return
	}
	timer_reset(p.timer, nanotime()+readerPeriod, 0)
	semacquire(&p.wake, 0, waitReasonSleep)
}

// takeSamples gives the samples that have not been read.
func takeSamples() (data []uint64, tags []unsafe.Pointer) {
	sample := new(cpuSample)
	var stack []uintptr
	for cpu_profile_next(sample) != 0 {
		if sample.lost > 0 {
			data = append(data, 4, 0, 0, uint64(sample.lost))
			tags = append(tags, nil)
		}
		if sample.count == 0 {
			continue
		}
		stack = unfoldSample(stack[:0], sample.pcs[:sample.depth])
		data = append(data, uint64(3+len(stack)), 0, uint64(sample.count))
		for _, pc := range stack {
			data = append(data, uint64(pc))
		}
		tags = append(tags, sample.labels)
	}
	return data, tags
}

// unfoldSample is unfold for stacks that end with what time is charged to when no goroutine
// is.
func unfoldSample(calls, frames []uintptr) []uintptr {
	n := len(frames)
	var who uintptr
	if n > 0 && frames[n-1] < pseudoFrames {
		who = frames[n-1]
		frames = frames[:n-1]
	}
	calls = unfold(calls, frames)
	switch who {
	case pseudoSystem:
		calls = append(calls, ownPC(_System))
	case pseudoGC:
		calls = append(calls, ownPC(_GC))
	case pseudoExternal:
		calls = append(calls, ownPC(_ExternalCode))
	}
	if len(calls) == 0 {
		// Between two functions.
		calls = append(calls, ownPC(_System))
	}
	return calls
}

// Numbers of abi::PseudoFrame.
const (
	pseudoSystem = 1 + iota
	pseudoGC
	pseudoExternal
	pseudoFrames
)

// Functions that are never called, for their names.

func _System()       { _System() }
func _GC()           { _GC() }
func _ExternalCode() { _ExternalCode() }
