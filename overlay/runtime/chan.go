//goxide:replace package

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// Channel operations: the runtime calls with Go's panics around them, and what can be told
// without a call.

// hchan mirrors rt's Channel.
type hchan struct {
	count         uintptr
	capacity      uintptr
	buffer        unsafe.Pointer
	elemBytes     uintptr
	sendIndex     uintptr
	receiveIndex  uintptr
	firstReceiver uintptr
	lastReceiver  uintptr
	firstSender   uintptr
	lastSender    uintptr
	timer, bubble uintptr
	flags, locked uint32 // flags: not 0 if it is closed, a bubble's, or a timer's
}

// timerChannel is the flag of a timer's channel outside of bubbles: what there is to receive
// is found by the operation itself, by the clock.
const timerChannel = 4

// receiveMustWait tells that a receive could not have gone on at some moment of the call; if
// it says no, only the operation itself can tell. Nobody waits to send to a buffer that is
// empty, so the two words say it for every capacity. That the channel is open (and no bubble's
// or timer's, so that there is nothing to check) is looked at last: then it was so before.
func (c *hchan) receiveMustWait() bool {
	return atomic.Loaduintptr(&c.count) == 0 && atomic.Loaduintptr(&c.firstSender) == 0 && atomic.Load(&c.flags) == 0
}

// sendMustWait is the same for a send: nobody waits to receive from a buffer that is full.
func (c *hchan) sendMustWait() bool {
	return atomic.Loaduintptr(&c.count) == c.capacity && atomic.Loaduintptr(&c.firstReceiver) == 0 && atomic.Load(&c.flags) == 0
}

// Timers' channels have len and cap 0, as Go has it since 1.23.
func chanlen(ch unsafe.Pointer) int {
	c := (*hchan)(ch)
	if c == nil || c.timer != 0 {
		return 0
	}
	return int(atomic.Loaduintptr(&c.count))
}

func chancap(ch unsafe.Pointer) int {
	c := (*hchan)(ch)
	if c == nil || c.timer != 0 {
		return 0
	}
	return int(c.capacity)
}

// Results of the runtime calls.
const (
	sentOK          = 1
	sendOnClosed    = 2
	recvSelected    = 1
	recvReceived    = 2
	closeNil        = 1
	closeClosed     = 2
	maxChanElemSize = 1<<16 - 1
)

func chanmake(t *chantype, size int) unsafe.Pointer {
	if t.Elem.Size_ > maxChanElemSize {
		throw("makechan: invalid channel element type")
	}
	// The header is a few words; leave it a generous share.
	if size < 0 || t.Elem.Size_ > 0 && uintptr(size) > (maxAlloc-256)/t.Elem.Size_ {
		panic(plainError("makechan: size out of range"))
	}
	return makechan(t, size)
}

func panicSendOnClosed() {
	panic(plainError("send on closed channel"))
}

func chansend1(c, elem unsafe.Pointer, site uintptr) {
	if c == nil {
		gopark_forever(waitReasonNilSend)
		throw("unreachable")
	}
	if chansend(c, elem, 1, site) == sendOnClosed {
		panicSendOnClosed()
	}
}

func chanrecv1(c, elem unsafe.Pointer, site uintptr) {
	chanrecv2(c, elem, site)
}

func chanrecv2(c, elem unsafe.Pointer, site uintptr) bool {
	if c == nil {
		gopark_forever(waitReasonNilReceive)
		throw("unreachable")
	}
	return chanrecv(c, elem, 1, site)&recvReceived != 0
}

func chanclose(c unsafe.Pointer) {
	switch closechan(c) {
	case closeNil:
		panic(plainError("close of nil channel"))
	case closeClosed:
		panic(plainError("close of closed channel"))
	}
}

func selectnbsend(c, elem unsafe.Pointer, site uintptr) bool {
	if c == nil || (*hchan)(c).sendMustWait() {
		return false
	}
	status := chansend(c, elem, 0, site)
	if status == sendOnClosed {
		panicSendOnClosed()
	}
	return status == sentOK
}

func selectnbrecv(elem, c unsafe.Pointer, site uintptr) (selected, received bool) {
	if c == nil || (*hchan)(c).receiveMustWait() {
		return false, false
	}
	bits := chanrecv(c, elem, 0, site)
	return bits&recvSelected != 0, bits&recvReceived != 0
}

func selectcases(cases *selectCase, sends, recvs int, block bool, site uintptr) (chosen int, received bool) {
	var wait uintptr
	if block {
		wait = 1
	}
	chosen, status := selectgo(cases, sends, recvs, wait, site)
	if status == sendOnClosed {
		panicSendOnClosed()
	}
	return chosen, status != 0
}

func block(site uintptr) {
	gopark_forever(waitReasonSelectNoCases)
}

// noSite is passed where an operation has no place in the program: reflect and the library.
const noSite = 1<<32 - 1

//go:linkname reflect_makechan reflect.makechan
func reflect_makechan(t *chantype, size int) unsafe.Pointer { return chanmake(t, size) }

//go:linkname reflect_chansend0 reflect.chansend0
func reflect_chansend0(c, elem unsafe.Pointer, nonblocking bool) bool {
	if nonblocking {
		return selectnbsend(c, elem, noSite)
	}
	chansend1(c, elem, noSite)
	return true
}

//go:linkname reflect_chanrecv reflect.chanrecv
func reflect_chanrecv(c unsafe.Pointer, nonblocking bool, elem unsafe.Pointer) (selected, received bool) {
	if nonblocking {
		return selectnbrecv(elem, c, noSite)
	}
	return true, chanrecv2(c, elem, noSite)
}

//go:linkname reflect_chanclose reflect.chanclose
func reflect_chanclose(c unsafe.Pointer) { chanclose(c) }

//go:linkname reflect_chanlen reflect.chanlen
func reflect_chanlen(c unsafe.Pointer) int { return chanlen(c) }

//go:linkname reflect_chancap reflect.chancap
func reflect_chancap(c unsafe.Pointer) int { return chancap(c) }

//go:linkname reflectlite_chanlen internal/reflectlite.chanlen
func reflectlite_chanlen(c unsafe.Pointer) int { return chanlen(c) }

// runtimeSelect is reflect's form of a case.
type runtimeSelect struct {
	dir  int
	typ  unsafe.Pointer
	c    unsafe.Pointer
	elem unsafe.Pointer
}

// reflect's directions.
const (
	selectSend    = 1
	selectRecv    = 2
	selectDefault = 3
)

// reflect_rselect sorts the cases as selectgo wants them, sends first, and translates the
// chosen one back.
//
//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(given []runtimeSelect) (int, bool) {
	if len(given) == 0 {
		block(noSite)
	}
	cases := make([]selectCase, 0, len(given))
	origin := make([]int, 0, len(given))
	byDefault, sends := -1, 0
	for i := range given {
		switch given[i].dir {
		case selectDefault:
			byDefault = i
		case selectSend:
			cases = append(cases, selectCase{given[i].c, given[i].elem})
			origin = append(origin, i)
			sends++
		}
	}
	for i := range given {
		if given[i].dir == selectRecv {
			cases = append(cases, selectCase{given[i].c, given[i].elem})
			origin = append(origin, i)
		}
	}
	if len(cases) == 0 {
		if byDefault < 0 {
			block(noSite)
		}
		return byDefault, false
	}
	chosen, received := selectcases(unsafe.SliceData(cases), sends, len(cases)-sends, byDefault < 0, noSite)
	if chosen < 0 {
		return byDefault, false
	}
	return origin[chosen], received
}
