//goxide:replace package

package runtime

import "unsafe"

// Callers and their names. The Rust half walks the physical frames; one such frame stands
// for several calls where the compiler has inlined, and this file unfolds them.
//
// A program counter in the lists is a return address, or for a call around one that was
// inlined a number: the top bit, the index of the call's location, and an address in the
// function. So whatever runs in what was inlined there, the number is the same, as in Go, where
// it is the address of the inlined call's mark. Looking it up minus one, as is done with return
// addresses, finds the call, and so does minus two, for those who subtract themselves.

const (
	inlinedBit    = 1 << 63
	locationShift = 32
	inFunction    = 4 // how far the address is from the function's beginning
)

// around is the number of the call around the one that info is about, which was inlined.
func around(info *frameWords) uintptr {
	return inlinedBit | info.parent<<locationShift | (info.entry + inFunction)
}

// lookup describes the call at an address, which lies in an instruction, or of a number.
func lookup(pc uintptr, frame *frameWords) bool {
	if pc&inlinedBit == 0 {
		return func_info(pc, frame) != 0
	}
	const address = 1<<locationShift - 1
	h := module_header()
	index := pc &^ inlinedBit >> locationShift
	if func_info(pc&address, frame) == 0 || index >= h.locations[1] {
		return false
	}
	l := (*location)(unsafe.Pointer(h.locations[0] + index*unsafe.Sizeof(location{})))
	frame.name = h.stringAt(l.function)
	frame.file = h.stringAt(l.file)
	frame.line = int(l.line)
	frame.startLine = int(l.functionLine)
	frame.parent = uintptr(l.parent)
	if l.parent == ^uint32(0) {
		frame.parent = noParent
	}
	return true
}

// stringAt is a string that the tables refer to by its place and length.
func (h *moduleHeader) stringAt(at [2]uint32) string {
	return unsafe.String((*byte)(unsafe.Pointer(h.strings[0]+uintptr(at[0]))), at[1])
}

// unfold appends the calls that users see on a stack given as physical frames. Frames of the
// runtime's Rust half stay as they are.
func unfold(calls, frames []uintptr) []uintptr {
	var frame frameWords
	for _, pc := range frames {
		if !lookup(pc-1, &frame) {
			if image_symbol(pc-1, &frame) != 0 {
				calls = append(calls, pc)
			}
			continue
		}
		for call := pc; ; {
			outermost := frame.parent == noParent
			if (!outermost || frame.flags&funcWrapper == 0) && frame.name != "runtime.deferreturn" {
				calls = append(calls, call)
			}
			if outermost {
				break
			}
			call = around(&frame)
			if !lookup(call-1, &frame) {
				break
			}
		}
	}
	return calls
}

// walker unfolds the calls on a stack, innermost first.
type walker struct {
	fp      uintptr // where to begin
	done    int     // physical frames taken from the runtime
	buf     [32]uintptr
	n, next int
	ended   bool
	pending uintptr // encoded next call, when it shares its frame with the last one
	flags   uintptr // of the physical frame
}

// step gives the next call that users see, with what is known about it.
func (w *walker) step(frame *frameWords) (pc uintptr, ok bool) {
	for {
		pc = w.pending
		if pc == 0 {
			if w.next == w.n {
				if w.ended {
					return 0, false
				}
				w.n = callers(w.done, &w.buf[0], len(w.buf), w.fp)
				w.done += w.n
				w.next = 0
				if w.n == 0 {
					// What every goroutine's first function returns to is a stub.
					w.ended = true
					w.n = 1
					w.buf[0] = ownPC(goexit)
				}
			}
			pc = w.buf[w.next]
			w.next++
		}
		inlined := w.pending != 0
		w.pending = 0
		if !lookup(pc-1, frame) {
			// A stub of the runtime.
			continue
		}
		if !inlined {
			w.flags = frame.flags
		}
		if frame.parent != noParent {
			w.pending = around(frame)
		} else if w.flags&funcWrapper != 0 {
			continue
		}
		if frame.name == "runtime.deferreturn" {
			// Deferred calls look as if their function made them.
			continue
		}
		return pc, true
	}
}

// Callers fills pcs with the program counters of the calls that led here, for
// CallersFrames. Skip 0 begins with Callers itself, 1 with its caller.
//
//go:noinline
func Callers(skip int, pcs []uintptr) int {
	if len(pcs) == 0 {
		return 0
	}
	n := 0
	if skip <= 0 {
		pcs[0] = ownPC(Callers)
		n = 1
	}
	w := walker{fp: getfp()}
	var frame frameWords
	for i := 1; n < len(pcs); i++ {
		pc, ok := w.step(&frame)
		if !ok {
			break
		}
		if i >= skip {
			pcs[n] = pc
			n++
		}
	}
	return n
}

// ownPC is an address in a function of this package, as if it had called something.
func ownPC(f any) uintptr {
	return *(*uintptr)(efaceOf(&f).data) + 1
}

// Caller describes the caller of its caller for skip 1, its caller itself for skip 0.
//
//go:noinline
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	w := walker{fp: getfp()}
	var frame frameWords
	for i := 0; ; i++ {
		pc, ok := w.step(&frame)
		if !ok {
			return 0, "", 0, false
		}
		if i == skip {
			return pc, frame.file, frame.line, true
		}
	}
}

// Frames translates program counters from Callers.
type Frames struct {
	pcs []uintptr
}

// Frame is what is known of one call.
type Frame struct {
	// PC is an address in the call instruction.
	PC uintptr

	// Func is the function, nil if it was inlined.
	Func *Func

	// Function is its name with the import path, "" if unknown.
	Function string

	// File and Line are the place of the call.
	File string
	Line int

	startLine  int
	symbolName string

	// Entry is the address of the function, 0 if unknown.
	Entry uintptr
}

// CallersFrames prepares to translate the result of Callers.
func CallersFrames(callers []uintptr) *Frames {
	return &Frames{pcs: callers}
}

// Next gives the next call, and whether there is another one behind it.
func (f *Frames) Next() (frame Frame, more bool) {
	for len(f.pcs) > 0 {
		pc := f.pcs[0]
		f.pcs = f.pcs[1:]
		var info frameWords
		if !lookup(pc-1, &info) && image_symbol(pc-1, &info) == 0 {
			continue
		}
		// Of an inlined call, too: runtime/pprof makes lists for us of these.
		frame = Frame{
			PC:         pc - 1,
			Function:   nameForPrint(info.name),
			File:       info.file,
			Line:       info.line,
			startLine:  info.startLine,
			symbolName: info.name,
			Entry:      info.entry,
		}
		if info.parent == noParent {
			frame.Func = newFunc(&info)
		}
		break
	}
	return frame, len(f.pcs) > 0
}

// nameForPrint abbreviates the type arguments in a name, which may be long.
func nameForPrint(name string) string {
	i := indexByte(name, '[')
	if i < 0 {
		return name
	}
	j := len(name) - 1
	for j > i && name[j] != ']' {
		j--
	}
	if j <= i {
		return name
	}
	return name[:i] + "[...]" + name[j+1:]
}

// Func is a function of the running program.
type Func struct {
	name  string
	entry uintptr
	file  string
	line  int
}

func newFunc(info *frameWords) *Func {
	return &Func{name: info.name, entry: info.entry, file: info.file, line: info.startLine}
}

// FuncForPC gives the function that an address lies in, the innermost if several were
// inlined there; nil if it lies in none. A return address, as Caller gives it, stands for the
// call before it: what comes behind may be another function's.
func FuncForPC(pc uintptr) *Func {
	var info frameWords
	if isReturnAddress(pc) {
		pc--
	}
	if !lookup(pc, &info) {
		return nil
	}
	if pc == info.entry {
		// The address of a function means that function, whatever its first instruction
		// was inlined from.
		for info.parent != noParent && lookup(around(&info), &info) {
		}
		info.entry = pc
	}
	return newFunc(&info)
}

// isReturnAddress tells whether what comes before an address is a call, as far as that can be
// read backwards.
func isReturnAddress(pc uintptr) bool {
	if pc&inlinedBit != 0 {
		return true
	}
	var info frameWords
	if !lookup(pc-1, &info) || pc-info.entry < 6 {
		return false
	}
	code := (*[6]byte)(unsafe.Pointer(pc - 6))
	const call, indirect = 0xe8, 0xff
	const direct, memory8, memory32 = 0xd0, 0x50, 0x90 // what follows indirect, by operand
	if code[1] == call {
		distance := int32(uint32(code[2]) | uint32(code[3])<<8 | uint32(code[4])<<16 | uint32(code[5])<<24)
		target := pc + uintptr(distance)
		// The runtime's own code lies below that of the program.
		if target < module_header().text[0] || lookup(target, &info) && info.entry == target {
			return true
		}
	}
	return code[4] == indirect && code[5]&0xf8 == direct ||
		code[4] == indirect && code[5]&0xf8 == 0x10 ||
		code[3] == indirect && code[4]&0xf8 == memory8 ||
		code[0] == indirect && code[1]&0xf8 == memory32
}

// Name is the function's name with the import path.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return nameForPrint(f.name)
}

// Entry is the function's address.
func (f *Func) Entry() uintptr { return f.entry }

// FileLine gives the place that an address in the function comes from.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	if pc == f.entry {
		return f.file, f.line
	}
	var info frameWords
	if !lookup(pc, &info) {
		return "?", 0
	}
	return info.file, info.line
}

// Stack writes the stack of the calling goroutine, or of all, to buf as text.
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	var which uintptr
	if all {
		which = 1
	}
	n := stack_dump(unsafe.SliceData(buf), len(buf), which)
	KeepAlive(unsafe.SliceData(buf)) // a collection may come before it is filled
	return n
}

// Breakpoint stops the program in a debugger.
func Breakpoint() {
	pid, _ := syscall6(sysGetpid, 0, 0, 0, 0, 0, 0)
	const sigTrap = 5
	syscall6(sysKill, pid, sigTrap, 0, 0, 0, 0)
}

//go:linkname pprof_FrameStartLine runtime/pprof.runtime_FrameStartLine
func pprof_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname pprof_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func pprof_FrameSymbolName(f *Frame) string { return f.symbolName }

// A list that was cut off may end in the middle of a frame; the calls that the rest of the
// frame stands for are added.
//
//go:linkname pprof_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprof_expandFinalInlineFrame(stack []uintptr) []uintptr {
	if len(stack) == 0 {
		return stack
	}
	last := stack[len(stack)-1]
	stack = stack[:len(stack):len(stack)] // what lies behind it is not ours
	var frame frameWords
	for lookup(last-1, &frame) && frame.parent != noParent {
		last = around(&frame)
		stack = append(stack, last)
	}
	return stack
}
