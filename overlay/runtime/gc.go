//goxide:replace package

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

// Statistics, finalizers, cleanups, weak pointers, pinning.

// MemStats describes the allocator's work. All sizes are in bytes.
type MemStats struct {
	Alloc         uint64 // of live and not yet swept objects
	TotalAlloc    uint64 // of all objects ever allocated
	Sys           uint64 // obtained from the system
	Lookups       uint64 // always 0
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64 // ns since 1970
	PauseTotalNs  uint64
	PauseNs       [256]uint64 // the newest at (NumGC+255)%256
	PauseEnd      [256]uint64 // ns since 1970
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m.
func ReadMemStats(m *MemStats) {
	read_mem_stats(m)
	KeepAlive(m) // it stops the world, so a collection may come before m is filled
}

// gcPrologueHook is sync's function that empties its pools.
var gcPrologueHook func()

// gcPrologue is called with the world stopped at the start of each collection.
func gcPrologue() {
	if gcPrologueHook != nil {
		gcPrologueHook()
	}
}

//go:linkname sync_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_registerPoolCleanup(f func()) { gcPrologueHook = f }

// Kinds in dueFinalizer.
const dueCleanup = 1

// How many have been run.
var finalizersRun, cleanupsRun uint64

// runFinalizers is the goroutine that calls finalizers and cleanups one after the other.
func runFinalizers() {
	var due dueFinalizer
	for {
		next_finalizer(&due)
		if due.kind == dueCleanup {
			(*(*func())(unsafe.Pointer(&due.closure)))()
			atomic.Xadd64(&cleanupsRun, 1)
		} else {
			(*(*func(unsafe.Pointer))(unsafe.Pointer(&due.closure)))(due.object)
			atomic.Xadd64(&finalizersRun, 1)
		}
		due = dueFinalizer{}
	}
}

// SetFinalizer arranges for finalizer(obj) to run when obj, a pointer to the start of an
// object, is unreachable; a nil finalizer takes that back.
func SetFinalizer(obj, finalizer any) {
	o := efaceOf(&obj)
	if o.typ == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if o.typ.Kind() != abi.Pointer {
		throw("runtime.SetFinalizer: first argument is " + typeString(o.typ) + ", not pointer")
	}
	if o.data == nil {
		throw("runtime.SetFinalizer: pointer not in allocated block")
	}
	if (*abi.PtrType)(unsafe.Pointer(o.typ)).Elem.Size_ == 0 {
		// All objects without size are one, which lives for ever.
		return
	}
	f := efaceOf(&finalizer)
	var run func(unsafe.Pointer)
	if f.typ != nil {
		run = finalizerCall(o.typ, f)
	}
	switch set_finalizer(o.data, run, 0, 0) {
	case 1:
		// Static objects never die; anything else is the program's fault.
		if !inStaticData(uintptr(o.data)) {
			throw("runtime.SetFinalizer: pointer not in allocated block")
		}
	case 2:
		throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
	case 3:
		throw("runtime.SetFinalizer: finalizer already set")
	}
}

func inStaticData(p uintptr) bool {
	m := module_header()
	for _, area := range [...][2]uintptr{m.rodata, m.data, m.bss, m.noptr, m.noptrBSS} {
		if area[0] <= p && p < area[1] {
			return true
		}
	}
	return false
}

// finalizerCall checks a finalizer's type and wraps it in a closure that calls it with an
// object of that type. The closure must not hold the object.
func finalizerCall(objType *_type, f *eface) func(unsafe.Pointer) {
	if f.typ.Kind() != abi.Func {
		throw("runtime.SetFinalizer: second argument is " + typeString(f.typ) + ", not a function")
	}
	ft := (*abi.FuncType)(unsafe.Pointer(f.typ))
	if ft.IsVariadic() {
		throw("runtime.SetFinalizer: cannot pass " + typeString(objType) + " to finalizer " + typeString(f.typ) + " because dotdotdot")
	}
	if ft.NumIn() != 1 {
		throw("runtime.SetFinalizer: cannot pass " + typeString(objType) + " to finalizer " + typeString(f.typ))
	}
	closure := f.data
	call := funcCall{results: resultSpaceOf(ft)}
	param := ft.In(0)
	switch {
	case param == objType,
		param.Kind() == abi.Pointer && (param.Uncommon() == nil || objType.Uncommon() == nil) &&
			(*abi.PtrType)(unsafe.Pointer(param)).Elem == (*abi.PtrType)(unsafe.Pointer(objType)).Elem:
		return func(p unsafe.Pointer) { call.run(closure, p, nil, 1) }
	case param.Kind() == abi.Interface:
		inter := (*interfacetype)(unsafe.Pointer(param))
		word := unsafe.Pointer(objType)
		if len(inter.Methods) > 0 {
			tab := getitab(inter, objType, true)
			if tab == nil {
				break
			}
			word = unsafe.Pointer(tab)
		}
		return func(p unsafe.Pointer) { call.run(closure, word, p, 2) }
	}
	throw("runtime.SetFinalizer: cannot pass " + typeString(objType) + " to finalizer " + typeString(f.typ))
	return nil
}

// funcCall calls a func value of any type with a pointer or an interface, dropping results.
type funcCall struct {
	results uintptr // size of the result area, or 0 if results come in registers
}

func (c funcCall) run(closure, word0, word1 unsafe.Pointer, words int) {
	var regs callRegisters
	at := 0
	if c.results > 0 {
		// The function may keep in it what it has nowhere else, until it returns.
		area := make([]unsafe.Pointer, c.results/unsafe.Sizeof(word0))
		regs.ints[0] = unsafe.Pointer(unsafe.SliceData(area))
		at = 1
	}
	regs.ints[at] = word0
	if words > 1 {
		regs.ints[at+1] = word1
	}
	reflect_call(*(*uintptr)(closure), closure, &regs, 0)
	KeepAlive(closure)
}

// resultSpaceOf is the size of the area for the results of a function; 0 if they come in
// registers (see ARCHITECTURE.md, "Calling convention").
func resultSpaceOf(ft *abi.FuncType) uintptr {
	ints, floats, inMemory := 0, 0, false
	size := uintptr(0)
	for _, t := range ft.OutSlice() {
		size = alignUp(size, uintptr(t.Align_)) + t.Size_
		var c components
		if !c.add(t) {
			inMemory = true
			continue
		}
		ints += c.ints
		floats += c.floats
	}
	if !inMemory && ints <= 8 && floats <= 8 {
		return 0
	}
	return max(alignUp(size, 8), 8)
}

func alignUp(n, to uintptr) uintptr { return (n + to - 1) &^ (to - 1) }

// components counts the scalars that a value is passed as.
type components struct {
	ints, floats int
}

// maxComponents is abi::MAX_COMPONENTS.
const maxComponents = 6

// add counts those of a type, and tells whether it is of register class.
func (c *components) add(t *_type) bool {
	switch t.Kind() {
	case abi.Float32, abi.Float64:
		c.floats++
	case abi.Complex64, abi.Complex128:
		c.floats += 2
	case abi.String, abi.Interface:
		c.ints += 2
	case abi.Slice:
		c.ints += 3
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		if a.Len > 1 || a.Len == 1 && !c.add(a.Elem) {
			return false
		}
	case abi.Struct:
		for _, f := range (*abi.StructType)(unsafe.Pointer(t)).Fields {
			if !c.add(f.Typ) {
				return false
			}
		}
	default:
		c.ints++
	}
	return c.ints+c.floats <= maxComponents
}

// Cleanup is the handle of a cleanup.
type Cleanup struct {
	object uintptr
	id     uintptr
}

// AddCleanup arranges for cleanup(arg) to run some time after ptr's object is unreachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic(plainError("runtime.AddCleanup: ptr is nil"))
	}
	object := unsafe.Pointer(ptr)
	if k := abi.TypeFor[S]().Kind(); k == abi.Pointer || k == abi.UnsafePointer {
		if object == *(*unsafe.Pointer)(unsafe.Pointer(&arg)) {
			panic(plainError("runtime.AddCleanup: ptr is equal to arg, cleanup will never run"))
		}
	}
	if unsafe.Sizeof(*ptr) == 0 || inStaticData(uintptr(object)) {
		return Cleanup{}
	}
	var info [2]uintptr
	if find_object(uintptr(object), &info) == 0 {
		throw("runtime.AddCleanup: ptr not in allocated block")
	}
	// In the closure and not beside it, where a small one could share a block with the object.
	value := arg
	id := add_cleanup(object, func() { cleanup(value) }, 0)
	return Cleanup{uintptr(object), id}
}

// Stop takes the cleanup back if it has not been queued yet.
func (c Cleanup) Stop() {
	if c.id != 0 {
		stop_cleanup(c.object, c.id)
	}
}

//go:linkname weak_register_pointer weak.runtime_registerWeakPointer
func weak_register_pointer(p unsafe.Pointer) unsafe.Pointer { return weak_register(p) }

//go:linkname weak_make_strong weak.runtime_makeStrongFromWeak
func weak_make_strong(handle unsafe.Pointer) unsafe.Pointer {
	if handle == nil {
		return nil
	}
	return weak_strong(handle)
}

// Pinner keeps objects alive; since objects never move, that is all there is to pinning.
type Pinner struct {
	pins *pins
}

// pins is what a Pinner alone refers to, so that its finalizer finds forgotten ones.
type pins struct {
	held *pinned
}

type pinned struct {
	objects []unsafe.Pointer
}

// allPins makes pinned objects reachable even if the Pinner is not.
var allPins struct {
	lock spinLock
	sets map[*pinned]struct{}
}

// Pin keeps the object alive until Unpin.
func (p *Pinner) Pin(pointer any) {
	e := efaceOf(&pointer)
	if e.typ == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if k := e.typ.Kind(); k != abi.Pointer && k != abi.UnsafePointer {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + typeString(e.typ)))
	}
	if p.pins == nil {
		p.pins = new(pins)
		SetFinalizer(p.pins, func(p *pins) {
			if p.held != nil {
				p.letGo()
				panic(errorString("runtime.Pinner: found leaking pinned pointer; forgot to call Unpin()?"))
			}
		})
	}
	allPins.lock.lock()
	if p.pins.held == nil {
		p.pins.held = new(pinned)
		if allPins.sets == nil {
			allPins.sets = make(map[*pinned]struct{})
		}
		allPins.sets[p.pins.held] = struct{}{}
	}
	p.pins.held.objects = append(p.pins.held.objects, e.data)
	allPins.lock.unlock()
}

// Unpin lets go of all objects of this Pinner.
func (p *Pinner) Unpin() {
	if p.pins != nil {
		p.pins.letGo()
	}
}

func (p *pins) letGo() {
	allPins.lock.lock()
	delete(allPins.sets, p.held)
	p.held = nil
	allPins.lock.unlock()
}
