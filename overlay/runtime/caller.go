//goxide:replace package

package runtime

import "unsafe"

// Callers and their names. The Rust half walks the physical frames; one such frame stands
// for several calls where the compiler has inlined, and this file unfolds them.
//
// A program counter in the lists is either a return address, or for a frame that was
// inlined into its callee's frame a number with the top bit set: location index times two,
// plus one. Looking it up minus one, as is done with return addresses, gives the same.

const inlinedBit = 1 << 63

func encodeInlined(location uintptr) uintptr {
	return inlinedBit | location<<1 | 1
}

// lookup describes the innermost call at an address, which lies in an instruction.
func lookup(pc uintptr, frame *frameWords) bool {
	if pc&inlinedBit != 0 {
		pc = inlinedBit | pc&^inlinedBit>>1
	}
	return func_info(pc, frame) != 0
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
			w.pending = encodeInlined(frame.parent)
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
		if !lookup(pc-1, &info) {
			continue
		}
		frame = Frame{
			PC:         pc - 1,
			Function:   nameForPrint(info.name),
			File:       info.file,
			Line:       info.line,
			startLine:  info.startLine,
			symbolName: info.name,
			Entry:      info.entry,
		}
		if info.parent == noParent && pc&inlinedBit == 0 {
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
// inlined there; nil if it lies in none.
func FuncForPC(pc uintptr) *Func {
	var info frameWords
	if !lookup(pc, &info) {
		return nil
	}
	if pc == info.entry {
		// The address of a function means that function, whatever its first instruction
		// was inlined from.
		for info.parent != noParent && lookup(encodeInlined(info.parent), &info) {
		}
		info.entry = pc
	}
	return newFunc(&info)
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
	return stack_dump(unsafe.SliceData(buf), len(buf), which)
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

// Every call has its own entry in our lists, the inlined ones too.
//
//go:linkname pprof_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprof_expandFinalInlineFrame(stack []uintptr) []uintptr { return stack }
