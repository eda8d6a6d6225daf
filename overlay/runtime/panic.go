//goxide:replace package

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

// Defer, panic and recover.
//
// A panic does not unwind: gopanic walks the frames with deferred calls, from g's innermost
// outwards, and calls each deferred closure itself, below everything that is still on the
// stack. Only when one of them has recovered does resume_frame cut the stack back to the
// frame whose call it was. Until then g.deferFrames stays at the frame that is being worked
// on, so that frames of the deferred calls link to it and nested panics come to it after
// their own.

// _panic is a running panic or Goexit; it lives in the frame of the function that runs it.
type _panic struct {
	arg        any
	link       *_panic     // the panic that was running when this one began
	fp         uintptr     // frame pointer of gopanic; 0 for Goexit, which nothing can recover
	frame      *deferFrame // the frame whose deferred call is running
	through    uintptr     // frame pointer of reflect's entry of a made function that is the deferred one
	hops       uintptr     // frames between that and the caller of the function behind it
	goexit     bool
	recovered  bool
	aborted    bool // a newer panic has come to frame, so this one will not go on
	repanicked bool // the newer panic has the same value
}

// nextDeferred takes the newest pending call from a frame. A nil func value is legal: the
// panic comes when it is called.
func nextDeferred(f *deferFrame) (fn func(), ok bool) {
	if f.pending&1 == 0 {
		r := (*deferRecord)(unsafe.Pointer(f.pending))
		if r == nil {
			return nil, false
		}
		f.pending = uintptr(unsafe.Pointer(r.next))
		fn = r.fn
		if r.pooled != 0 {
			freeDeferRecord(r)
		}
		return fn, true
	}
	if f.pending == 1 {
		return nil, false
	}
	i := sys.Len64(uint64(f.pending)) - 1
	f.pending &^= 1 << i
	return f.slots[i-1], true
}

// leaveDeferFrame takes the innermost frame, nothing of which is pending, off g's list.
func leaveDeferFrame(gp *g, f *deferFrame) {
	gp.deferFrames = f.link
	if f.pending == 0 {
		dropDeferRecords(f)
	}
}

// The stack of deferred calls. A defer statement in a loop makes its record, with the
// func value's object, at g.deferTop, and the frame's end, in whatever way it comes, puts
// that back to what it was at its beginning: later frames end first.

// newDeferChunk makes a record where the chunk in use has no room for it.
//
//go:noinline
func newDeferChunk(bytes uintptr) uintptr {
	return defer_grow(bytes)
}

// dropDeferRecords forgets the records of a frame, and all that were made since its beginning.
func dropDeferRecords(f *deferFrame) {
	gp := getg()
	if f.base-gp.deferChunk <= gp.deferEnd-gp.deferChunk {
		gp.deferTop = f.base
	} else if gp.deferChunk != 0 {
		defer_shrink(f.base)
	}
}

// deferproc defers a call from the body of a range over a function: its record is an
// object, because the function that is ranged over may have pending calls of its own by now.
func deferproc(frame *deferFrame, fn func(), site uintptr) {
	r := newDeferRecord()
	r.fn = fn
	r.site = uint32(site)
	r.next = (*deferRecord)(unsafe.Pointer(frame.pending))
	frame.pending = uintptr(unsafe.Pointer(r))
}

// Such records are kept for the next time by the goroutine that used them. It may be
// preempted between any two instructions and go on on another P, so a pool of the P's would
// need that switched off for a moment; its own list needs nothing.

// maxFreeRecords is how many a goroutine keeps.
const maxFreeRecords = 32

func newDeferRecord() *deferRecord {
	pool := &getg().locals.deferPool
	r := pool.records
	if r == nil {
		r = new(deferRecord)
		r.pooled = 1
		return r
	}
	pool.records = r.next
	pool.count--
	return r
}

func freeDeferRecord(r *deferRecord) {
	r.fn = nil
	pool := &getg().locals.deferPool
	if pool.count == maxFreeRecords {
		return
	}
	pool.count++
	r.next = pool.records
	pool.records = r
}

// deferrangefunc gives the frame that the body of a range-over-func loop defers to.
func deferrangefunc(frame *deferFrame) *deferFrame {
	return frame
}

// deferreturn runs what is pending of a frame at the end of its function. Nothing is added
// to it while it does.
func deferreturn(frame *deferFrame) {
	if frame.pending&1 != 0 {
		for {
			fn, ok := nextDeferred(frame)
			if !ok {
				return
			}
			fn()
		}
	}
	for r := (*deferRecord)(unsafe.Pointer(frame.pending)); r != nil; {
		next, fn := r.next, r.fn
		frame.pending = uintptr(unsafe.Pointer(next))
		if r.pooled != 0 {
			freeDeferRecord(r)
		}
		fn()
		r = next
	}
	dropDeferRecords(frame)
}

// deferlanding does nothing. The call of it marks where a function goes on after recover.
//
//go:noinline
//go:nosplit
func deferlanding() {}

// enter makes f the frame that p works on, and ends the panics whose deferred call, in that
// same frame, led to this one.
func (p *_panic) enter(f *deferFrame) {
	p.frame = f
	for q := p.link; q != nil; q = q.link {
		if q.frame == f {
			q.aborted = true
		}
	}
}

// gopanic calls the deferred closures directly: recover compares the frame pointer of the
// caller of a deferred function with this function's.
//
//go:noinline
func gopanic(e any) {
	if e == nil {
		if panicNilAllowed() {
			godebugPanicNil.count()
		} else {
			e = new(PanicNilError)
		}
	}
	gp := getg()
	p := new(_panic)
	p.arg = e
	p.link = gp.panics
	p.fp = getfp()
	gp.panics = p
	for f := gp.deferFrames; f != nil; f = gp.deferFrames {
		if p.frame != f {
			p.enter(f)
		}
		fn, ok := nextDeferred(f)
		if !ok {
			leaveDeferFrame(gp, f)
			continue
		}
		p.through = 0
		fn()
		if p.recovered {
			p.resume()
		}
	}
	preprintpanics(p)
	fatalpanic(p)
}

// resume goes on at the frame whose deferred call has recovered p, with the panics that p
// had ended gone as well. If one of them is a Goexit, that goes on instead: a goroutine
// cannot be talked out of ending.
func (p *_panic) resume() {
	gp := getg()
	gp.faultSignal = [2]uintptr{}
	exiting := false
	q := p.link
	for q != nil && q.aborted {
		exiting = exiting || q.goexit
		q = q.link
	}
	gp.panics = q
	if exiting {
		Goexit()
	}
	resume_frame(p.frame)
}

func gorecover(fp uintptr) any {
	p := getg().panics
	if p == nil || p.goexit || p.recovered || p.fp != fp && !p.isThrough(fp) {
		return nil
	}
	p.recovered = true
	return p.arg
}

// isThrough says whether the function called from the frame is what a deferred function
// made by reflect stands for.
func (p *_panic) isThrough(fp uintptr) bool {
	if p.through == 0 {
		return false
	}
	for range p.hops {
		fp = callerFrame(fp)
	}
	return fp == p.through
}

// callerFrame is the frame pointer saved in a frame.
func callerFrame(fp uintptr) uintptr { return *(*uintptr)(unsafe.Pointer(fp)) }

// reflect_madeFunction tells that the entry of a function made by reflect, which calls this,
// calls the function behind it over so many frames. A deferred one is seen through.
//
//go:linkname reflect_madeFunction reflect.madeFunction
//go:noinline
func reflect_madeFunction(hops uintptr) {
	p := getg().panics
	if p == nil || p.goexit {
		return
	}
	// Two frames of the stub lie between the entry and who has called the made function.
	entry := callerFrame(getfp())
	if callerFrame(callerFrame(callerFrame(entry))) == p.fp {
		p.through, p.hops = entry, hops
	}
}

// Goexit ends the calling goroutine after running all its deferred calls. Called in the
// main goroutine it lets the others go on; when they have ended too, the program crashes.
//
//go:noinline
func Goexit() {
	gp := getg()
	p := new(_panic)
	p.goexit = true
	p.link = gp.panics
	gp.panics = p
	for f := gp.deferFrames; f != nil; f = gp.deferFrames {
		if p.frame != f {
			p.enter(f)
		}
		fn, ok := nextDeferred(f)
		if !ok {
			leaveDeferFrame(gp, f)
			continue
		}
		fn()
	}
	gp.panics = nil
	goexit1()
}

// goexit has the name that lists of calls end with.
//
//go:noinline
func goexit() {
	goexit1()
}

// goexit1 is where a goroutine ends.
func goexit1() {
	goexit0()
}

// gostart is the go statement.
func gostart(fn func(), site uintptr) {
	if fn == nil {
		// Not about the panic that may be running: Go tells of this on another stack.
		fatal_throw("go of nil func value")
	}
	newproc(fn, site)
}

// The end of a program that did not recover.

type stringer interface {
	String() string
}

// preprintpanics calls the Error and String methods of the values while the program still
// runs as usual.
func preprintpanics(p *_panic) {
	defer func() {
		const text = "panic while printing panic value"
		switch r := recover().(type) {
		case nil:
		case string:
			throw(text + ": " + r)
		default:
			throw(text + ": type " + typeString(efaceOf(&r).typ))
		}
	}()
	for ; p != nil; p = p.link {
		if p.link != nil && *efaceOf(&p.link.arg) == *efaceOf(&p.arg) {
			p.link.repanicked = true
			continue
		}
		switch v := p.arg.(type) {
		case error:
			p.arg = v.Error()
		case stringer:
			p.arg = v.String()
		}
	}
}

// printpanics prints the chain, oldest first, the later ones indented.
func printpanics(p *_panic) {
	if p.link != nil {
		printpanics(p.link)
		if p.link.repanicked {
			return
		}
		if !p.link.goexit {
			printstring("\t")
		}
	}
	if p.goexit {
		return
	}
	printstring("panic: ")
	printAnyValue(p.arg)
	switch {
	case p.recovered && p.repanicked:
		printstring(" [recovered, repanicked]")
	case p.recovered:
		printstring(" [recovered]")
	}
	printnl()
}

// panicking is not 0 once a panic's message is being printed: the end of main must not cut
// it off.
var panicking uint32

func fatalpanic(p *_panic) {
	gp := getg()
	atomic.Store(&panicking, 1)
	fatal_begin()
	printlock()
	printpanics(p)
	if text := faultText(gp); text != "" {
		printstring(text + "\n")
	}
	printunlock()
	// Those who wait for one another, if that is what it is about.
	stuck, _ := p.arg.(synctestDeadlockError)
	fatal_panic(stuck.bubble)
}

// faultText tells of the signal that the goroutine's panic came from, if it did.
func faultText(gp *g) string {
	sig := gp.faultSignal
	if sig[0] == 0 {
		return ""
	}
	name := signalName(sig[0])
	if name == "" {
		name = hex(sig[0])
	}
	return "[signal " + name + " code=" + hex(sig[1]) + " addr=" + hex(gp.fault[0]) + " pc=" + hex(gp.fault[1]) + "]"
}

// throw reports a fault of the runtime, fatal one of the program that nothing may recover.

func throw(s string) {
	if text := faultText(getg()); text != "" {
		s += "\n" + text
	}
	fatal_at_fault()
	fatal_throw(s)
}

func fatal(s string) {
	if p := getg().panics; p != nil {
		printlock()
		printPending(p)
		printunlock()
	}
	fatal_throw(s)
}

// printPending prints the panics that are running, in front of a fatal error's line, which is
// indented as a later panic's would be. None of the program's methods is called any more.
func printPending(p *_panic) {
	for q := p; q.link != nil; q = q.link {
		if *efaceOf(&q.link.arg) == *efaceOf(&q.arg) {
			q.link.repanicked = true
		}
	}
	printpanics(p)
	printstring("\t")
}

// Failed checks. Operands lie in g; see abi::PanicKind.

func boundsFailed(code abi.BoundsErrorCode, signed bool) {
	operands := getg().checkOperands
	panic(boundsError{x: int64(operands[0]), y: int(operands[1]), signed: signed, code: code})
}

func panicIndex()       { boundsFailed(abi.BoundsIndex, true) }
func panicIndexU()      { boundsFailed(abi.BoundsIndex, false) }
func panicSliceAlen()   { boundsFailed(abi.BoundsSliceAlen, true) }
func panicSliceAlenU()  { boundsFailed(abi.BoundsSliceAlen, false) }
func panicSliceAcap()   { boundsFailed(abi.BoundsSliceAcap, true) }
func panicSliceAcapU()  { boundsFailed(abi.BoundsSliceAcap, false) }
func panicSliceB()      { boundsFailed(abi.BoundsSliceB, true) }
func panicSliceBU()     { boundsFailed(abi.BoundsSliceB, false) }
func panicSlice3Alen()  { boundsFailed(abi.BoundsSlice3Alen, true) }
func panicSlice3AlenU() { boundsFailed(abi.BoundsSlice3Alen, false) }
func panicSlice3Acap()  { boundsFailed(abi.BoundsSlice3Acap, true) }
func panicSlice3AcapU() { boundsFailed(abi.BoundsSlice3Acap, false) }
func panicSlice3B()     { boundsFailed(abi.BoundsSlice3B, true) }
func panicSlice3BU()    { boundsFailed(abi.BoundsSlice3B, false) }
func panicSlice3C()     { boundsFailed(abi.BoundsSlice3C, true) }
func panicSlice3CU()    { boundsFailed(abi.BoundsSlice3C, false) }

func panicSliceConvert() {
	operands := getg().checkOperands
	panic(boundsError{x: int64(operands[1]), y: int(operands[0]), signed: true, code: abi.BoundsConvert})
}

func panicdivide()             { panic(divideError) }
func panicshift()              { panic(shiftError) }
func panicoverflow()           { panic(overflowError) }
func panicmem()                { panic(memoryError) }
func panicfloat()              { panic(floatError) }
func panicmakeslicelen()       { panic(errorString("makeslice: len out of range")) }
func panicmakeslicecap()       { panic(errorString("makeslice: cap out of range")) }
func panicunsafeslicelen()     { panic(errorString("unsafe.Slice: len out of range")) }
func panicunsafeslicenilptr()  { panic(errorString("unsafe.Slice: ptr is nil and len is not zero")) }
func panicunsafestringlen()    { panic(errorString("unsafe.String: len out of range")) }
func panicunsafestringnilptr() { panic(errorString("unsafe.String: ptr is nil and len is not zero")) }
func panicRangeState()         { panicrangestate(int(getg().checkOperands[0])) }
func throwinit()               { throw("recursive call during initialization - linker skew") }

func panicrangestate(state int) {
	switch abi.RF_State(state) {
	case abi.RF_DONE:
		panic(rangeDoneError)
	case abi.RF_PANIC:
		panic(rangePanicError)
	case abi.RF_EXHAUSTED:
		panic(rangeExhaustedError)
	case abi.RF_MISSING_PANIC:
		panic(rangeMissingPanicError)
	}
	throw("unexpected state passed to panicrangestate")
}

// panicwrap is called by the wrapper of a value method when its pointer receiver is nil.
func panicwrap(pkg, typ, meth string) {
	panic(plainError("value method " + pkg + "." + typ + "." + meth + " called using nil *" + typ + " pointer"))
}

// Signals that a faulting instruction raises, and their codes (sigaction(2)).
const (
	sigBus       = 7
	sigFPE       = 8
	sigSegv      = 11
	busAdrErr    = 2
	segvMapErr   = 1
	segvAccErr   = 2
	fpeIntDiv    = 1
	fpeIntOvf    = 2
	nilPageBytes = 4096
)

func signalName(sig uintptr) string {
	switch sig {
	case sigSegv:
		return "SIGSEGV: segmentation violation"
	case sigBus:
		return "SIGBUS: bus error"
	case sigFPE:
		return "SIGFPE: floating-point exception"
	}
	return ""
}

// sigpanic runs as if the faulting instruction had called it.
func sigpanic() {
	gp := getg()
	sig, code, addr := gp.faultSignal[0], gp.faultSignal[1], gp.fault[0]
	switch sig {
	case sigFPE:
		switch code {
		case fpeIntDiv:
			panicdivide()
		case fpeIntOvf:
			panicoverflow()
		}
		panicfloat()
	case sigBus, sigSegv:
		nilAccess := addr < nilPageBytes && (sig == sigBus && code == busAdrErr ||
			sig == sigSegv && (code == 0 || code == segvMapErr || code == segvAccErr))
		if nilAccess {
			panicmem()
		}
		if gp.locals.panicOnFault {
			panic(errorAddressString{msg: "invalid memory address or nil pointer dereference", addr: addr})
		}
		printlock()
		printstring("unexpected fault address ")
		printhex(uint64(addr))
		printnl()
		printunlock()
		throw("fault")
	}
	panic(errorString("signal " + decimal(uint64(sig))))
}

// noescape hides from escape analysis that a pointer is kept, where the callee is known
// not to keep it.
func noescape(p unsafe.Pointer) unsafe.Pointer {
	return unsafe.Pointer(uintptr(p) ^ 0)
}
