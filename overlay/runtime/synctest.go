//goxide:replace package

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// Bubbles of testing/synctest: goroutines with a clock of their own, which moves on only
// when all of them are blocked in a way that nothing outside can end ("durably").
//
// The Rust half counts: busy goes up when a goroutine of the bubble starts or is made
// ready from a durable wait, and down when one ends or waits durably; whoever brings it to
// zero releases wake. The goroutine that called Run is the conductor. It is in the bubble
// but not counted, and when nothing is busy it decides what happens next: due timers, then
// a call of Wait, then a step of the clock, then the end.

// synctestBubble begins with abi::Bubble. Its address is a goroutine's locals.bubble.
type synctestBubble struct {
	busy  int64
	total int64
	wake  uint32
	id    uint64

	waiterSema uint32 // released to end a Wait
	waiting    bool   // a goroutine is in Wait
	done       bool   // the function given to Run has returned
	lock       spinLock
	now        int64
	timers     []*timeTimer // a heap by when
}

// synctestBubbles is how many there have been.
var synctestBubbles uint64

// bubbledObjects are the WaitGroups and the like that belong to a bubble. The map keeps
// them alive until it ends, so that their addresses are not used again.
var bubbledObjects struct {
	lock  spinLock
	owner map[unsafe.Pointer]*synctestBubble
}

// bubbleStart is midnight UTC, January 1, 2000.
const bubbleStart = 946684800000000000

// synctestDeadlockError is what Run panics with.
type synctestDeadlockError struct {
	reason string
	bubble *synctestBubble
}

func (e synctestDeadlockError) Error() string { return e.reason }

func (synctestDeadlockError) RuntimeError() {}

//go:linkname synctest_Run internal/synctest.Run
func synctest_Run(f func()) {
	locals := &getg().locals
	if locals.bubble != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	b := &synctestBubble{now: bubbleStart, id: atomic.Xadd64(&synctestBubbles, 1)}
	locals.bubble = b
	defer func() {
		locals.bubble = nil
		b.forgetObjects()
	}()
	newproc(func() {
		defer func() { b.done = true }()
		f()
	}, noSite)
	b.conduct()
	if atomic.Loadint64(&b.total) == 0 {
		return
	}
	if b.done {
		panic(synctestDeadlockError{"deadlock: main bubble goroutine has exited but blocked goroutines remain", b})
	}
	panic(synctestDeadlockError{"deadlock: all goroutines in bubble are blocked", b})
}

// conduct runs the bubble until nothing can happen in it any more.
func (b *synctestBubble) conduct() {
	for {
		b.runTimers()
		if atomic.Loadint64(&b.busy) != 0 {
			semacquire(&b.wake, 0, waitReasonSynctestRun)
			continue
		}
		b.lock.lock()
		waiting := b.waiting
		next := b.nextAwaited(0)
		b.lock.unlock()
		switch {
		case next != 0 && next <= b.now:
			// A timer was set since.
		case waiting:
			b.waiting = false
			semrelease(&b.waiterSema, 0)
		case next == 0 || b.done:
			return
		default:
			b.now = next
		}
	}
}

// quiet takes one from busy.
func (b *synctestBubble) quiet() {
	if atomic.Xaddint64(&b.busy, -1) == 0 {
		semrelease(&b.wake, 0)
	}
}

//go:linkname synctest_Wait internal/synctest.Wait
func synctest_Wait() {
	b := getg().locals.bubble
	if b == nil {
		panic("goroutine is not in a bubble")
	}
	b.lock.lock()
	again := b.waiting
	b.waiting = true
	b.lock.unlock()
	if again {
		panic("wait already in progress")
	}
	semacquire(&b.waiterSema, semaDurable, waitReasonSynctestWait)
}

//go:linkname synctest_IsInBubble internal/synctest.IsInBubble
func synctest_IsInBubble() bool { return getg().locals.bubble != nil }

// Acquire and Release keep a bubble busy while something outside works for it.

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	b := getg().locals.bubble
	if b == nil {
		return nil
	}
	atomic.Xaddint64(&b.busy, 1)
	return b
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(b any) { b.(*synctestBubble).quiet() }

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(bubble any, f func()) {
	locals := &getg().locals
	if locals.bubble != nil {
		panic("goroutine is already bubbled")
	}
	b := bubble.(*synctestBubble)
	atomic.Xaddint64(&b.busy, 1)
	locals.bubble = b
	defer func() {
		locals.bubble = nil
		b.quiet()
	}()
	f()
}

// Association of objects.

const (
	unbubbled     = 0
	currentBubble = 1
	otherBubble   = 2
)

// bubbleOf tells whose an object is, and makes it this goroutine's bubble's if it is
// nobody's and claim is set. Static objects belong to none.
func bubbleOf(p unsafe.Pointer, claim bool) int {
	b := getg().locals.bubble
	if inStaticData(uintptr(p)) {
		return unbubbled
	}
	objects := &bubbledObjects
	objects.lock.lock()
	owner := objects.owner[p]
	if owner == nil && claim {
		if objects.owner == nil {
			objects.owner = make(map[unsafe.Pointer]*synctestBubble)
		}
		objects.owner[p] = b
		owner = b
	}
	objects.lock.unlock()
	switch owner {
	case nil:
		return unbubbled
	case b:
		return currentBubble
	}
	return otherBubble
}

func (b *synctestBubble) forgetObjects() {
	objects := &bubbledObjects
	objects.lock.lock()
	for p, owner := range objects.owner {
		if owner == b {
			delete(objects.owner, p)
		}
	}
	objects.lock.unlock()
}

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int { return bubbleOf(p, true) }

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) {
	bubbledObjects.lock.lock()
	delete(bubbledObjects.owner, p)
	bubbledObjects.lock.unlock()
}

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool { return bubbleOf(p, false) == currentBubble }

// Timers of a bubble. A timeTimer's place in the heap is private[0] - 1, so that zero means
// that it is not there.

func (b *synctestBubble) place(i int, t *timeTimer) {
	b.timers[i] = t
	t.private[0] = uintptr(i) + 1
}

// up and down restore the heap's order around a timer that may be too early or too late.
func (b *synctestBubble) up(i int) {
	t := b.timers[i]
	for i > 0 && t.when < b.timers[(i-1)/2].when {
		b.place(i, b.timers[(i-1)/2])
		i = (i - 1) / 2
	}
	b.place(i, t)
}

func (b *synctestBubble) down(i int) {
	t := b.timers[i]
	for {
		child := 2*i + 1
		if child >= len(b.timers) {
			break
		}
		if child+1 < len(b.timers) && b.timers[child+1].when < b.timers[child].when {
			child++
		}
		if t.when <= b.timers[child].when {
			break
		}
		b.place(i, b.timers[child])
		i = child
	}
	b.place(i, t)
}

func (b *synctestBubble) addTimer(t *timeTimer) {
	b.timers = append(b.timers, t)
	b.up(len(b.timers) - 1)
}

// removeTimer takes a timer out and tells whether it was in.
func (b *synctestBubble) removeTimer(t *timeTimer) bool {
	if t.private[0] == 0 {
		return false
	}
	i := int(t.private[0]) - 1
	t.private[0] = 0
	last := len(b.timers) - 1
	moved := b.timers[last]
	b.timers[last] = nil
	b.timers = b.timers[:last]
	if i != last {
		b.place(i, moved)
		b.up(i)
		b.down(int(moved.private[0]) - 1)
	}
	return true
}

// nextAwaited is when the first of those timers at i and below it in the heap is due that the
// clock moves on for, or 0. It does not for one whose channel nobody waits for: such a timer
// fires by the way, when the clock moves on past it. Nothing is busy.
func (b *synctestBubble) nextAwaited(i int) int64 {
	if i >= len(b.timers) {
		return 0
	}
	t := b.timers[i]
	if c := (*hchan)(t.channel); c == nil || c.firstReceiver != 0 {
		return t.when
	}
	left, right := b.nextAwaited(2*i+1), b.nextAwaited(2*i+2)
	if left == 0 || right != 0 && right < left {
		return right
	}
	return left
}

// runTimers calls the functions of the timers that are due, in the conductor.
func (b *synctestBubble) runTimers() {
	for {
		b.lock.lock()
		if len(b.timers) == 0 || b.timers[0].when > b.now {
			b.lock.unlock()
			return
		}
		t := b.timers[0]
		late := b.now - t.when
		if t.period > 0 {
			t.when += t.period * (1 + late/t.period)
			b.down(0)
		} else {
			b.removeTimer(t)
		}
		fn, arg, seq := t.fn, t.arg, t.seq
		b.lock.unlock()
		fn(arg, seq, late)
	}
}

// setTimer starts, resets or with when 0 stops a timer, and tells whether it was active.
// One that is due at once fires at once. A value that an old expiry has left in the
// channel goes.
func (b *synctestBubble) setTimer(t *timeTimer, when, period int64) bool {
	if getg().locals.bubble == nil {
		if when == 0 {
			fatal("stop of synctest timer from outside bubble")
		}
		fatal("reset of synctest timer from outside bubble")
	}
	b.lock.lock()
	active := b.removeTimer(t)
	if c := (*hchan)(t.channel); c != nil && atomic.Loaduintptr(&c.count) > 0 {
		var dropped [3]uintptr // a time.Time
		selectnbrecv(unsafe.Pointer(&dropped), t.channel, noSite)
		active = true
	}
	if when != 0 {
		t.when, t.period = when, period
		b.addTimer(t)
	}
	b.lock.unlock()
	if when != 0 && when <= b.now {
		b.runTimers()
	}
	return active
}

// sleep waits for a timer of its own.
func (b *synctestBubble) sleep(ns int64) {
	sema := new(uint32)
	t := &timeTimer{init: true, bubble: b}
	t.fn = func(any, uintptr, int64) { semrelease(sema, 0) }
	b.setTimer(t, saturatingAdd(b.now, ns), 0)
	semacquire(sema, semaDurable, waitReasonSleep)
}

func saturatingAdd(a, b int64) int64 {
	if sum := a + b; sum >= a {
		return sum
	}
	return 1<<63 - 1
}
