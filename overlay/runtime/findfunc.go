//goxide:replace package

package runtime

import "unsafe"

// Names and lines of addresses by the functions and structures of Go's runtime, for loggers
// that reach them by //go:linkname. What they read themselves is laid out as Go has it: the
// number of a name stands where Go has its place in a table.

// funcInfo is a function; without a record it is none.
type funcInfo struct {
	*funcRecord
	datap unsafe.Pointer
}

// funcRecord begins as Go's _func.
type funcRecord struct {
	_         uint32
	nameOff   int32
	_         [7]uint32
	startLine int32
	funcID    uint8
	_         [3]uint8
	entry     uintptr
}

// inlinedCall is an entry of a function's list of inlined calls, as Go has it.
type inlinedCall struct {
	funcID    uint8
	nameOff   int32
	parentPC  int32
	startLine int32
}

// inlineUnwinder and inlineFrame are a walk over the calls at an address, innermost first.
type inlineUnwinder struct {
	f       funcInfo
	inlTree *inlinedCall
}

type inlineFrame struct {
	pc    uintptr
	index int32 // in inlTree, -1 for the function itself
}

// srcFunc is a function of the source, inlined or not.
type srcFunc struct {
	datap     unsafe.Pointer
	nameOff   int32
	startLine int32
	funcID    uint8
}

// askedNames numbers the names of functions that were asked for.
var askedNames struct {
	lock    spinLock
	list    []string
	numbers map[string]int32
}

func nameNumber(name string) int32 {
	n := &askedNames
	n.lock.lock()
	number, ok := n.numbers[name]
	if !ok {
		if n.numbers == nil {
			n.numbers = map[string]int32{}
		}
		number = int32(len(n.list))
		n.list = append(n.list, name)
		n.numbers[name] = number
	}
	n.lock.unlock()
	return number
}

// findfunc gives the function that has the code at an address.
func findfunc(pc uintptr) funcInfo {
	var info frameWords
	if !lookup(pc, &info) {
		return funcInfo{}
	}
	for info.parent != noParent {
		if !lookup(around(&info), &info) {
			break
		}
	}
	return funcInfo{funcRecord: &funcRecord{
		nameOff:   nameNumber(info.name),
		startLine: int32(info.startLine),
		entry:     info.entry,
	}}
}

//go:linkname funcInfo_entry runtime.funcInfo.entry
func funcInfo_entry(f funcInfo) uintptr { return f.entry }

// funcline1 gives the place of the innermost call at an address.
func funcline1(f funcInfo, pc uintptr, strict bool) (file string, line int32) {
	var info frameWords
	if f.funcRecord == nil || !lookup(pc, &info) {
		return "?", 0
	}
	return info.file, int32(info.line)
}

// newInlineUnwinder begins at the innermost call at an address; its list holds only that.
func newInlineUnwinder(f funcInfo, pc uintptr) (inlineUnwinder, inlineFrame) {
	u := inlineUnwinder{f: f}
	var info frameWords
	if !lookup(pc, &info) || info.parent == noParent {
		return u, inlineFrame{pc: pc, index: -1}
	}
	u.inlTree = &inlinedCall{nameOff: nameNumber(info.name), startLine: int32(info.startLine)}
	return u, inlineFrame{pc: pc}
}

//go:linkname inlineUnwinder_srcFunc runtime.(*inlineUnwinder).srcFunc
func inlineUnwinder_srcFunc(u *inlineUnwinder, at inlineFrame) srcFunc {
	if at.index < 0 {
		return srcFunc{nameOff: u.f.nameOff, startLine: u.f.startLine}
	}
	return srcFunc{nameOff: u.inlTree.nameOff, startLine: u.inlTree.startLine}
}

//go:linkname srcFunc_name runtime.srcFunc.name
func srcFunc_name(s srcFunc) string {
	n := &askedNames
	n.lock.lock()
	name := ""
	if s.nameOff >= 0 && int(s.nameOff) < len(n.list) {
		name = n.list[s.nameOff]
	}
	n.lock.unlock()
	return name
}
