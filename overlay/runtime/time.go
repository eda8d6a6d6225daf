//goxide:replace package

package runtime

import "unsafe"

// What package time links to.

// timeTimer is a time.Timer or time.Ticker with the runtime's timer behind it.
type timeTimer struct {
	c    unsafe.Pointer // <-chan Time
	init bool
	timer
	bubble *synctestBubble // whose clock it goes by
}

// timerCall runs a timer's function; a goroutine of the runtime's calls it, and looks at the
// timer once more when it has ended.
func timerCall(f func(arg any, seq uintptr, delta int64), arg any, seq uintptr, delta int64, t *timer) {
	f(arg, seq, delta)
	KeepAlive(t)
}

//go:linkname time_Sleep time.Sleep
func time_Sleep(ns int64) {
	if ns <= 0 {
		return
	}
	if b := getg().locals.bubble; b != nil {
		b.sleep(ns)
		return
	}
	time_sleep(ns)
}

// What the times are made of that the Rust half puts where somebody receives from a timer.

//go:linkname time_startNano time.startNano
var time_startNano int64

//go:linkname time_Local time.Local
var time_Local unsafe.Pointer

// Package time gives a function for timers with a channel, too. It sends the time at which
// the timer was due, as the Rust half does by itself; only bubbles call it.
//
//go:linkname time_newTimer time.newTimer
func time_newTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, channel unsafe.Pointer) *timeTimer {
	t := new(timeTimer)
	t.init = true
	t.when = when
	t.period = period
	t.channel = channel
	c := (*hchan)(channel)
	if c != nil {
		*(*unsafe.Pointer)(unsafe.Pointer(&c.timer)) = unsafe.Pointer(&t.timer)
	}
	t.bubble = getg().locals.bubble
	if t.bubble == nil && c != nil {
		// It is in no heap before somebody waits for it: this is all there is to starting it.
		t.seq = uintptr(time_startNano)
		t.local = uintptr(unsafe.Pointer(&time_Local))
		c.flags |= timerChannel
		return t
	}
	t.fn = f
	t.arg = arg
	if t.bubble != nil {
		t.bubble.setTimer(t, when, period)
	} else {
		timer_start(&t.timer)
	}
	return t
}

//go:linkname time_stopTimer time.stopTimer
func time_stopTimer(t *timeTimer) bool {
	if t.bubble != nil {
		return t.bubble.setTimer(t, 0, 0)
	}
	return timer_stop(&t.timer) != 0
}

//go:linkname time_resetTimer time.resetTimer
func time_resetTimer(t *timeTimer, when, period int64) bool {
	if t.bubble != nil {
		return t.bubble.setTimer(t, when, period)
	}
	return timer_reset(&t.timer, when, period) != 0
}

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	// The address of a variable would make it an object on the heap.
	monotonic := (*int64)(unsafe.Pointer(&getg().rawSyscall))
	sec, ns := clocks(monotonic)
	return sec, int32(ns), *monotonic
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) {
	if b := getg().locals.bubble; b != nil {
		return b.now / 1e9, int32(b.now % 1e9), 0
	}
	return time_now()
}

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	if b := getg().locals.bubble; b != nil {
		return b.now
	}
	return nanotime()
}

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool { return getg().locals.bubble != nil }

// FIPS self-tests measure real time.
//
//go:linkname fips_monoTime crypto/internal/fips140deps/time.monoTime
func fips_monoTime() int64 { return nanotime() }
