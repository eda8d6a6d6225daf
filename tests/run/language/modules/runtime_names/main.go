// Functions of the runtime and the library that modules reach by //go:linkname and that the
// library itself does not use.
package main

import (
	"fmt"
	"math/big"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"unsafe"
)

//go:linkname typelinks reflect.typelinks
func typelinks() ([]unsafe.Pointer, [][]int32)

//go:linkname rtypeOff reflect.rtypeOff
func rtypeOff(unsafe.Pointer, int32) unsafe.Pointer

//go:linkname shlVU math/big.shlVU
func shlVU(z, x []big.Word, s uint) big.Word

//go:linkname addMulVVW math/big.addMulVVW
func addMulVVW(z, x []big.Word, y big.Word) big.Word

//go:linkname canSpin sync.runtime_canSpin
func canSpin(int) bool

//go:linkname doSpin sync.runtime_doSpin
func doSpin()

//go:linkname gopark runtime.gopark
func gopark(unlock func(uintptr, unsafe.Pointer) bool, lock unsafe.Pointer, reason, trace uint8, skip int)

//go:linkname goready runtime.goready
func goready(g uintptr, skip int)

//go:linkname wakep runtime.wakep
func wakep()

//go:linkname entersyscallblock runtime.entersyscallblock
func entersyscallblock()

//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall()

//go:linkname getm runtime.getm
func getm() uintptr

//go:linkname chanbuf runtime.chanbuf
func chanbuf(c unsafe.Pointer, i uint) unsafe.Pointer

type funcInfo struct {
	record *struct {
		_         uint32
		name      int32
		_         [7]uint32
		startLine int32
		id        uint8
	}
	module unsafe.Pointer
}

type inlined struct {
	id        uint8
	name      int32
	_         int32
	startLine int32
}

type unwinder struct {
	f    funcInfo
	list *[1 << 20]inlined
}

type inlineFrame struct {
	pc    uintptr
	index int32
}

type srcFunc struct {
	module          unsafe.Pointer
	name, startLine int32
	id              uint8
}

//go:linkname findfunc runtime.findfunc
func findfunc(uintptr) funcInfo

//go:linkname entry runtime.funcInfo.entry
func entry(funcInfo) uintptr

//go:linkname funcline1 runtime.funcline1
func funcline1(f funcInfo, pc uintptr, strict bool) (string, int32)

//go:linkname newInlineUnwinder runtime.newInlineUnwinder
func newInlineUnwinder(funcInfo, uintptr) (unwinder, inlineFrame)

//go:linkname srcFuncName runtime.srcFunc.name
func srcFuncName(srcFunc) string

type local struct{ a, b int }

// types looks for types by their strings, as reflect2 does.
func types() {
	sections, offsets := typelinks()
	fmt.Println(len(sections), len(offsets))
	var names []string
	for _, offset := range offsets[0] {
		p := rtypeOff(sections[0], offset)
		// The words of an interface are the type and the value: a pointer to any type will do.
		t := reflect.TypeOf((*int)(nil))
		(*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1] = p
		names = append(names, t.String())
	}
	fmt.Println(slices.IsSorted(names), slices.Contains(names, "*main.local"), slices.Contains(names, "map[main.local]string"))
}

func vectors() {
	x := []big.Word{1<<63 | 1, 3}
	z := make([]big.Word, 2)
	fmt.Println(shlVU(z, x, 63), z)
	fmt.Println(shlVU(z, x, 0), z)
	fmt.Println(addMulVVW(z, x, 1<<62), z)
}

// A gate is passed by one goroutine when another opens it.
type gate struct {
	waiter atomic.Uintptr // the goroutine, or open
}

const open = 1

func commit(g uintptr, lock unsafe.Pointer) bool {
	return (*gate)(lock).waiter.CompareAndSwap(0, g)
}

func (d *gate) wait() {
	gopark(commit, unsafe.Pointer(d), 18, 0, 1)
	d.waiter.Store(0)
}

func (d *gate) open() {
	for {
		switch g := d.waiter.Load(); {
		case g == open:
			runtime.Gosched()
		case g == 0:
			if d.waiter.CompareAndSwap(0, open) {
				return
			}
		case d.waiter.CompareAndSwap(g, open):
			goready(g, 1)
			wakep()
			return
		}
	}
}

func parking() {
	var ping, pong gate
	const rounds = 20000
	sum := 0
	go func() {
		for i := range rounds {
			ping.wait()
			sum += i
			pong.open()
		}
	}()
	for range rounds {
		ping.open()
		pong.wait()
	}
	fmt.Println(sum)
}

//go:nosplit
func blocking() {
	entersyscallblock()
	exitsyscall()
}

// place tells where its caller's caller is, as github.com/phuslu/log does.
func place() string {
	var pcs [1]uintptr
	runtime.Callers(3, pcs[:])
	pc := pcs[0]
	f := findfunc(pc)
	if pc > entry(f) {
		pc--
	}
	file, line := funcline1(f, pc, false)
	u, at := newInlineUnwinder(f, pc)
	from := srcFunc{f.module, f.record.name, f.record.startLine, f.record.id}
	if at.index >= 0 {
		call := &u.list[at.index]
		from = srcFunc{u.f.module, call.name, call.startLine, call.id}
	}
	return fmt.Sprint(filepath.Base(file), " ", line, " ", srcFuncName(from), " ", from.startLine)
}

//go:noinline
func here() string { return place() }

func small() string { return here() }

func places() {
	fmt.Println(here())
	fmt.Println(small())
	func() { fmt.Println(here()) }()
	fmt.Println(findfunc(0) == funcInfo{})
}

// listed is not called.
var listed = map[string]any{"WriteHeapDump": debug.WriteHeapDump}

func main() {
	fmt.Println(len(listed))
	places()
	fmt.Println(map[local]string{{1, 2}: "x"}, &local{3, 4})
	types()
	vectors()
	parking()
	if canSpin(0) {
		doSpin()
	}
	fmt.Println(canSpin(1000))
	blocking()
	runtime.LockOSThread()
	fmt.Println(getm() != 0, getm() == getm())
	c := make(chan int16, 3)
	c <- 5
	c <- 6
	inside := *(*unsafe.Pointer)(unsafe.Pointer(&c))
	fmt.Println(*(*int16)(chanbuf(inside, 0)), *(*int16)(chanbuf(inside, 1)))
}
