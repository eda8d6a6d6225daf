package reflect

import (
	"internal/abi"
	"internal/goarch"
	"sync"
	"unsafe"
)

// Calls of functions whose type is known only at run time.
//
// internal/abi says that there are no argument registers, so all of reflect works with
// frames: the receiver's word and the arguments in order, then the results, each at its
// alignment. This file turns frames into the registers of our calling convention
// (ARCHITECTURE.md) and back. What the call needs to know of the function's type travels
// with the frame's type, which is the one thing of ours that call is handed.

// callRegisters mirrors abi::CallRegisters. The integers are declared as pointers so that
// the collector looks at them.
type callRegisters struct {
	ints   [maxResults]unsafe.Pointer
	floats [maxResults]uint64
}

// Numbers of the calling convention (crates/abi/src/convention.rs).
const (
	maxComponents  = 6
	maxIntParams   = 6
	maxFloatParams = 8
	maxResults     = 8
)

// component is one scalar of a frame.
type component struct {
	offset uintptr
	size   uintptr
	float  bool
	memory bool // a value of memory class: its address is passed
}

// convention says how the values of a frame are passed.
type convention struct {
	params       []component
	results      []component // of register class
	resultOffset uintptr
	resultArea   bool // results go to memory whose address is a first, hidden parameter
	intParams    int  // the hidden one included
	floatParams  int
	resultBytes  uintptr
}

// frameType is a frame's type with the convention of the calls that it is for.
type frameType struct {
	abi.Type
	convention convention
}

// appendComponents lists the scalars of a value, and tells whether it is of register class.
func appendComponents(list []component, t *abi.Type, offset uintptr) ([]component, bool) {
	scalar := func(size uintptr, float bool) {
		list = append(list, component{offset: offset, size: size, float: float})
		offset += size
	}
	switch t.Kind() {
	case abi.Float32, abi.Float64:
		scalar(t.Size_, true)
	case abi.Complex64, abi.Complex128:
		scalar(t.Size_/2, true)
		scalar(t.Size_/2, true)
	case abi.String, abi.Interface, abi.Slice:
		for range t.Size_ / goarch.PtrSize {
			scalar(goarch.PtrSize, false)
		}
	case abi.Array:
		a := (*arrayType)(unsafe.Pointer(t))
		switch a.Len {
		case 0:
		case 1:
			return appendComponents(list, a.Elem, offset)
		default:
			return list, false
		}
	case abi.Struct:
		for _, f := range (*structType)(unsafe.Pointer(t)).Fields {
			var ok bool
			if list, ok = appendComponents(list, f.Typ, offset+f.Offset); !ok {
				return list, false
			}
		}
	default:
		scalar(t.Size_, false)
	}
	return list, true
}

// appendValue lists how a parameter or result is passed.
func appendValue(list []component, t *abi.Type, offset uintptr) ([]component, bool) {
	before := len(list)
	list, ok := appendComponents(list, t, offset)
	if ok && len(list)-before <= maxComponents {
		return list, true
	}
	return append(list[:before], component{offset: offset, size: t.Size_, memory: true}), false
}

func countComponents(list []component) (ints, floats int) {
	for _, c := range list {
		if c.float {
			floats++
		} else {
			ints++
		}
	}
	return ints, floats
}

func conventionOf(t *funcType, rcvr *abi.Type, abid *abiDesc) convention {
	c := convention{resultOffset: abid.retOffset, resultBytes: abid.ret.stackBytes}
	offset := uintptr(0)
	if rcvr != nil {
		c.params = append(c.params, component{size: goarch.PtrSize})
		offset = goarch.PtrSize
	}
	for _, p := range t.InSlice() {
		offset = align(offset, uintptr(p.Align()))
		c.params, _ = appendValue(c.params, p, offset)
		offset += p.Size()
	}
	offset = abid.retOffset
	for _, r := range t.OutSlice() {
		offset = align(offset, uintptr(r.Align()))
		var ok bool
		c.results, ok = appendValue(c.results, r, offset)
		c.resultArea = c.resultArea || !ok
		offset += r.Size()
	}
	ints, floats := countComponents(c.results)
	c.resultArea = c.resultArea || ints > maxResults || floats > maxResults
	c.intParams, c.floatParams = countComponents(c.params)
	if c.resultArea {
		c.results = nil
		c.intParams++
	}
	return c
}

// funcLayout gives the frame for calls of functions of a type, with a receiver or without.
func funcLayout(t *funcType, rcvr *abi.Type) (*abi.Type, *sync.Pool, abiDesc) {
	if t.Kind() != abi.Func {
		panic("reflect: funcLayout of non-func type " + stringFor(&t.Type))
	}
	if rcvr != nil && rcvr.Kind() == abi.Interface {
		panic("reflect: funcLayout with interface receiver " + stringFor(rcvr))
	}
	key := layoutKey{t, rcvr}
	found, ok := layoutCache.Load(key)
	if !ok {
		found, _ = layoutCache.LoadOrStore(key, newLayout(t, rcvr))
	}
	l := found.(layoutType)
	return l.t, l.framePool, l.abid
}

func newLayout(t *funcType, rcvr *abi.Type) layoutType {
	abid := newAbiDesc(t, rcvr)
	frame := new(frameType)
	frame.Align_ = goarch.PtrSize
	frame.FieldAlign_ = goarch.PtrSize
	frame.Kind_ = abi.Struct
	frame.Size_ = align(abid.retOffset+abid.ret.stackBytes, goarch.PtrSize)
	frame.PtrBytes = uintptr(abid.stackPtrs.n) * goarch.PtrSize
	if abid.stackPtrs.n > 0 {
		frame.GCData = &abid.stackPtrs.data[0]
	}
	name := "funcargs(" + stringFor(&t.Type) + ")"
	if rcvr != nil {
		name = "methodargs(" + stringFor(rcvr) + ")(" + stringFor(&t.Type) + ")"
	}
	frame.Str = resolveReflectName(newName(name, "", false, false))
	frame.convention = conventionOf(t, rcvr, &abid)
	pool := &sync.Pool{New: func() any { return unsafe_New(&frame.Type) }}
	return layoutType{t: &frame.Type, framePool: pool, abid: abid}
}

// loadComponent reads a scalar of up to 8 bytes.
func loadComponent(p unsafe.Pointer, size uintptr) uint64 {
	switch size {
	case 1:
		return uint64(*(*uint8)(p))
	case 2:
		return uint64(*(*uint16)(p))
	case 4:
		return uint64(*(*uint32)(p))
	}
	return *(*uint64)(p)
}

func storeComponent(p unsafe.Pointer, size uintptr, v uint64) {
	switch size {
	case 1:
		*(*uint8)(p) = uint8(v)
	case 2:
		*(*uint16)(p) = uint16(v)
	case 4:
		*(*uint32)(p) = uint32(v)
	default:
		*(*uint64)(p) = v
	}
}

// blockLayout tells how many integer words come in registers, and where in the argument
// block the rest of the integers and of the floats begin. Without a block its size is 0.
func (c *convention) blockLayout() (ints, floatsAt, words int) {
	ints = c.intParams
	floatsLeft := max(c.floatParams-maxFloatParams, 0)
	if ints > maxIntParams || floatsLeft > 0 {
		ints = min(ints, maxIntParams-1)
	}
	floatsAt = c.intParams - ints
	return ints, floatsAt, floatsAt + floatsLeft
}

// movePointers is memmove of memory that may hold pointers.
//
//go:linkname movePointers runtime.memmove_pointers
//go:noescape
func movePointers(dst, src unsafe.Pointer, size uintptr)

//go:linkname reflect_call runtime.reflect_call
//go:noescape
func reflect_call(code uintptr, closure unsafe.Pointer, regs *callRegisters, _ uintptr)

// call calls the function whose code address f points to, with a frame of a type that
// funcLayout has given, and puts the results there.
func call(frametype *abi.Type, f, frame unsafe.Pointer, _, _, _ uint32, _ *abi.RegArgs) {
	c := &(*frameType)(unsafe.Pointer(frametype)).convention
	var regs callRegisters
	intRegs, floatsAt, words := c.blockLayout()
	var block []unsafe.Pointer
	if words > 0 {
		block = make([]unsafe.Pointer, words)
		regs.ints[intRegs] = unsafe.Pointer(&block[0])
	}
	ints, floats := 0, 0
	putInt := func(v unsafe.Pointer) {
		if ints < intRegs {
			regs.ints[ints] = v
		} else {
			block[ints-intRegs] = v
		}
		ints++
	}
	if c.resultArea {
		putInt(add(frame, c.resultOffset, "the results are in the frame"))
	}
	for _, p := range c.params {
		at := add(frame, p.offset, "the parameter is in the frame")
		switch {
		case p.memory:
			putInt(at)
		case !p.float && p.size == goarch.PtrSize:
			putInt(*(*unsafe.Pointer)(at))
		case !p.float:
			putInt(unsafe.Pointer(uintptr(loadComponent(at, p.size))))
		case floats < maxFloatParams:
			regs.floats[floats] = loadComponent(at, p.size)
			floats++
		default:
			block[floatsAt+floats-maxFloatParams] = unsafe.Pointer(uintptr(loadComponent(at, p.size)))
			floats++
		}
	}
	reflect_call(*(*uintptr)(f), f, &regs, 0)
	c.takeResults(&regs, frame)
}

// takeResults stores what came back in registers to the frame.
func (c *convention) takeResults(regs *callRegisters, frame unsafe.Pointer) {
	ints, floats := 0, 0
	for _, r := range c.results {
		at := add(frame, r.offset, "the result is in the frame")
		switch {
		case r.float:
			storeComponent(at, r.size, regs.floats[floats])
			floats++
		case r.size == goarch.PtrSize:
			*(*unsafe.Pointer)(at) = regs.ints[ints]
			ints++
		default:
			storeComponent(at, r.size, uint64(uintptr(regs.ints[ints])))
			ints++
		}
	}
}

// makeFuncCtxt is how the closures that MakeFunc and method values are begin: the code of
// every one is the runtime's stub, which calls entry with the closure and the registers.
type makeFuncCtxt struct {
	fn      uintptr
	entry   uintptr
	stack   *bitVector
	argLen  uintptr
	regPtrs abi.IntArgRegBitmap
}

//go:linkname makeFuncStub runtime.makefunc_stub
func makeFuncStub()

//goxide:remove methodValueCall

func newMakeFuncCtxt(t *funcType, entry uintptr) makeFuncCtxt {
	_, _, abid := funcLayout(t, nil)
	return makeFuncCtxt{
		fn:     abi.FuncPCABI0(makeFuncStub),
		entry:  entry,
		stack:  abid.stackPtrs,
		argLen: abid.stackCallArgsSize,
	}
}

// MakeFunc gives a function of a type that calls fn with its arguments as Values.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	t := typ.common()
	if t.Kind() != abi.Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	ftyp := (*funcType)(unsafe.Pointer(t))
	impl := &makeFuncImpl{
		makeFuncCtxt: newMakeFuncCtxt(ftyp, abi.FuncPCABIInternal(makeFuncEntry)),
		ftyp:         ftyp,
		fn:           fn,
	}
	return Value{t, unsafe.Pointer(impl), flag(Func)}
}

// makeMethodValue turns v, which stands for a method of a value, into a func value.
func makeMethodValue(op string, v Value) Value {
	if v.flag&flagMethod == 0 {
		panic("reflect: internal error: invalid use of makeMethodValue")
	}
	rcvr := Value{v.typ(), v.ptr, v.flag&(flagRO|flagAddr|flagIndir) | flag(v.typ().Kind())}
	ftyp := (*funcType)(unsafe.Pointer(v.Type().(*rtype)))
	fv := &methodValue{
		makeFuncCtxt: newMakeFuncCtxt(ftyp, abi.FuncPCABIInternal(methodValueEntry)),
		method:       int(v.flag) >> flagMethodShift,
		rcvr:         rcvr,
	}
	// A bad receiver panics here, as an ordinary method value of it does.
	methodReceiver(op, fv.rcvr, fv.method)
	return Value{ftyp.Common(), unsafe.Pointer(fv), v.flag&flagRO | flag(Func)}
}

// methodValueCallCodePtr is what Value.Pointer gives for all method values.
func methodValueCallCodePtr() uintptr { return abi.FuncPCABI0(makeFuncStub) }

// makeFuncEntry is what the stub calls for a function made by MakeFunc.
//
//go:noinline
func makeFuncEntry(ctxt *makeFuncImpl, regs *callRegisters) {
	madeFunction(1)
	c, frame, area := enterFrame(ctxt.ftyp, regs)
	var valid bool
	var none abi.RegArgs
	callReflect(ctxt, frame, &valid, &none)
	c.leaveFrame(regs, frame, area)
}

// callReflect calls the function behind one made by MakeFunc, with the arguments in a frame,
// and puts its results there. (The SDK's writes them without a barrier, for its frames are on
// a stack.)
//
//go:noinline
func callReflect(ctxt *makeFuncImpl, frame unsafe.Pointer, retValid *bool, _ *abi.RegArgs) {
	t := ctxt.ftyp
	in := make([]Value, 0, t.InCount)
	offset := uintptr(0)
	for _, p := range t.InSlice() {
		offset = align(offset, uintptr(p.Align()))
		if p.Size() == 0 {
			in = append(in, Zero(toRType(p)))
			continue
		}
		in = append(in, copyVal(p, flag(p.Kind()), add(frame, offset, "the parameter is in the frame")))
		offset += p.Size()
	}
	out := ctxt.fn(in)
	if len(out) != t.NumOut() {
		panic("reflect: wrong return count from function created by MakeFunc")
	}
	typ, _, _ := funcLayout(t, nil)
	offset = (*frameType)(unsafe.Pointer(typ)).convention.resultOffset
	for i, r := range t.OutSlice() {
		v := out[i]
		if v.typ() == nil {
			panic("reflect: function created by MakeFunc using " + funcName(ctxt.fn) + " returned zero Value")
		}
		if v.flag&flagRO != 0 {
			panic("reflect: function created by MakeFunc using " + funcName(ctxt.fn) + " returned value obtained from unexported field")
		}
		offset = align(offset, uintptr(r.Align()))
		if r.Size() == 0 {
			continue
		}
		at := add(frame, offset, "the result is in the frame")
		v = v.assignTo("reflect.MakeFunc", r, nil)
		if v.flag&flagIndir != 0 {
			typedmemmove(r, at, v.ptr)
		} else {
			*(*unsafe.Pointer)(at) = v.ptr
		}
		offset += r.Size()
	}
	*retValid = true
}

// madeFunction is runtime's reflect_madeFunction: with it recover sees through the entries
// below, whose callReflect or callMethod is so many frames above the function they are for.
func madeFunction(hops uintptr)

// methodValueEntry is what the stub calls for a method value.
//
//go:noinline
func methodValueEntry(ctxt *methodValue, regs *callRegisters) {
	madeFunction(3)
	_, ftyp, _ := methodReceiver("call", ctxt.rcvr, ctxt.method)
	c, frame, area := enterFrame(ftyp, regs)
	var valid bool
	var none abi.RegArgs
	callMethod(ctxt, frame, &valid, &none)
	c.leaveFrame(regs, frame, area)
}

// enterFrame makes a frame from the registers that a function was called with, and gives
// the result area of the caller if there is one.
func enterFrame(t *funcType, regs *callRegisters) (c *convention, frame, area unsafe.Pointer) {
	typ, _, _ := funcLayout(t, nil)
	c = &(*frameType)(unsafe.Pointer(typ)).convention
	frame = unsafe_New(typ)
	intRegs, floatsAt, words := c.blockLayout()
	var block unsafe.Pointer
	if words > 0 {
		block = regs.ints[intRegs]
	}
	inBlock := func(i int) unsafe.Pointer {
		return add(block, uintptr(i)*goarch.PtrSize, "the word is in the argument block")
	}
	ints, floats := 0, 0
	nextInt := func() unsafe.Pointer {
		i := ints
		ints++
		if i < intRegs {
			return regs.ints[i]
		}
		return *(*unsafe.Pointer)(inBlock(i - intRegs))
	}
	if c.resultArea {
		area = nextInt()
	}
	for _, p := range c.params {
		at := add(frame, p.offset, "the parameter is in the frame")
		switch {
		case p.memory:
			from := nextInt()
			movePointers(at, from, p.size)
		case !p.float && p.size == goarch.PtrSize:
			*(*unsafe.Pointer)(at) = nextInt()
		case !p.float:
			storeComponent(at, p.size, uint64(uintptr(nextInt())))
		case floats < maxFloatParams:
			storeComponent(at, p.size, regs.floats[floats])
			floats++
		default:
			storeComponent(at, p.size, *(*uint64)(inBlock(floatsAt + floats - maxFloatParams)))
			floats++
		}
	}
	return c, frame, area
}

// leaveFrame puts the results in a frame where the caller expects them.
func (c *convention) leaveFrame(regs *callRegisters, frame, area unsafe.Pointer) {
	if c.resultArea {
		movePointers(area, add(frame, c.resultOffset, "the results are in the frame"), c.resultBytes)
		return
	}
	ints, floats := 0, 0
	for _, r := range c.results {
		at := add(frame, r.offset, "the result is in the frame")
		switch {
		case r.float:
			regs.floats[floats] = loadComponent(at, r.size)
			floats++
		case r.size == goarch.PtrSize:
			regs.ints[ints] = *(*unsafe.Pointer)(at)
			ints++
		default:
			regs.ints[ints] = unsafe.Pointer(uintptr(loadComponent(at, r.size)))
			ints++
		}
	}
}
