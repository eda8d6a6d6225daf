//goxide:replace package

package runtime

import "unsafe"

// Structures that the Rust half and compiled code share; each mirrors the one of
// crates/abi named in its comment, field by field.

// g mirrors abi::GContext, the head of every goroutine's G.
type g struct {
	stackLimit    uintptr
	closureCtx    uintptr
	systemSP      uintptr
	m             uintptr
	schedSP       uintptr
	schedFP       uintptr
	schedPC       uintptr
	segment       uintptr
	deferFrames   *deferFrame
	panics        *_panic
	deferTop      uintptr
	deferEnd      uintptr
	deferChunk    uintptr
	gcMarking     uintptr
	cache         uintptr
	preemptLate   uintptr
	parkResults   [2]uint64
	goid          uint64
	shade         uintptr
	checkOperands [2]uint64
	slowResults   [2]uint64
	locals        gLocals
	tailArgs      [24]uint64
	fault         [2]uintptr // address, pc
	faultSignal   [2]uintptr // number, code
	rawSyscall    [7]uintptr // arguments, then results, of a call that may not allocate
}

// gLocals is abi::GContext::locals: what the Go half keeps for each goroutine. The first
// three words are inherited by the goroutines it starts.
type gLocals struct {
	labels       unsafe.Pointer // profile labels: *label.Set
	bubble       *synctestBubble
	inherited    uint64 // flagBypassFIPS
	indicator    uint8  // of crypto/internal/fips140
	panicOnFault bool
	_            [6]byte
	coro         *coro // the coroutine whose function runs on this goroutine
	deferPool    deferPool
	_            uintptr
}

// deferPool is a list of records of deferred calls that wait to be used again.
type deferPool struct {
	records *deferRecord
	count   int
}

// Bits of gLocals.inherited.
const flagBypassFIPS = 1

// deferFrame mirrors abi::DeferFrame; the slots of open-coded calls follow it.
type deferFrame struct {
	link     *deferFrame
	pending  uintptr
	base     uintptr
	resumePC uintptr
	resumeSP uintptr
	resumeFP uintptr
	slots    [63]func()
}

// deferRecord mirrors abi::DeferRecord.
type deferRecord struct {
	next   *deferRecord
	fn     func()
	site   uint32
	pooled uint32
}

// selectCase mirrors abi::SelectCase.
type selectCase struct {
	c    unsafe.Pointer
	elem unsafe.Pointer
}

// callRegisters mirrors abi::CallRegisters. The integers are declared as pointers so that
// the collector looks at them.
type callRegisters struct {
	ints   [8]unsafe.Pointer
	floats [8]uint64
}

// frameWords mirrors abi::FrameWords.
type frameWords struct {
	name      string
	file      string
	line      int
	entry     uintptr
	parent    uintptr
	startLine int
	flags     uintptr
}

// Bits of frameWords.flags.
const (
	funcWrapper = 1
	funcRuntime = 2
)

// noParent is frameWords.parent of a frame that is not inlined.
const noParent = ^uintptr(0)

// dueFinalizer mirrors abi::DueFinalizer. The closure's type depends on kind.
type dueFinalizer struct {
	object  unsafe.Pointer
	closure unsafe.Pointer
	kind    uintptr
	_       uintptr
}

// goroutineRecord mirrors abi::GoroutineRecord.
type goroutineRecord struct {
	goid   uint64
	labels unsafe.Pointer
	depth  uintptr
	pcs    [125]uintptr
}

// cpuSample mirrors abi::CpuSample.
type cpuSample struct {
	labels unsafe.Pointer
	count  uintptr
	lost   uintptr
	depth  uintptr
	pcs    [64]uintptr
}

// profileRecord mirrors abi::ProfileRecord.
type profileRecord struct {
	size   uintptr
	count  int
	amount int
	depth  uintptr
	pcs    [128]uintptr
}

// timer mirrors abi::Timer.
type timer struct {
	when    int64
	period  int64
	fn      func(arg any, seq uintptr, delta int64)
	arg     any
	seq     uintptr
	channel unsafe.Pointer
	local   uintptr
	private [4]uintptr
}

// moduleHeader mirrors abi::ModuleHeader. Pairs are start and end, or address and length.
type moduleHeader struct {
	magic       uint64
	text        [2]uintptr
	rodata      [2]uintptr
	data        [2]uintptr
	bss         [2]uintptr
	noptr       [2]uintptr
	noptrBSS    [2]uintptr
	functions   [2]uintptr
	lines       [2]uintptr
	locations   [2]uintptr
	strings     [2]uintptr
	typelinks   [2]uintptr
	itabs       [2]uintptr
	sites       [2]uintptr
	entryPoints [6]uintptr
	buildInfo   [2]uintptr
}

// location mirrors abi::Location.
type location struct {
	file         [2]uint32
	line         uint32
	parent       uint32
	function     [2]uint32
	functionLine uint32
	site         uint32
}

// Reasons for waiting, as tracebacks show them; the numbers are those of abi::WaitReason.
const (
	waitReasonSelectNoCases = iota
	waitReasonNilSend
	waitReasonNilReceive
	waitReasonSemacquire
	waitReasonSyncMutex
	waitReasonSyncRWMutexR
	waitReasonSyncRWMutex
	waitReasonSyncWaitGroup
	waitReasonSyncCond
	waitReasonCoroutine
	waitReasonSynctestRun
	waitReasonSynctestWait
	waitReasonFinalizer
	waitReasonChanReceive
	waitReasonChanSend
	waitReasonSelect
	waitReasonSleep
	waitReasonTraceReader
	waitReasonPanicWait
	waitReasonIOWait
	waitReasonGCCycle
	waitReasonSignal
	waitReasonNone
)
