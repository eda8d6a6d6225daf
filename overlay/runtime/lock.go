//goxide:replace package

package runtime

import "internal/runtime/atomic"

// spinLock guards the small tables of the Go half. Whoever holds it does not block; it may
// be preempted, so a waiter yields instead of burning its time slice.
type spinLock struct {
	state uint32
}

func (l *spinLock) lock() {
	for !atomic.Cas(&l.state, 0, 1) {
		gosched()
	}
}

func (l *spinLock) unlock() {
	atomic.Store(&l.state, 0)
}
