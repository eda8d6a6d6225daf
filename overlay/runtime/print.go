//goxide:replace package

package runtime

import (
	"internal/runtime/atomic"
	"internal/strconv"
	"unsafe"
)

// What print and println compile to. One statement's text is gathered and written at once,
// so that those of several goroutines do not mix.

// printState belongs to the goroutine that holds its lock; a goroutine may lock it again,
// since printing an operand may print.
var printState struct {
	owner uintptr // *g
	depth int
	used  int
	buf   [1024]byte
}

func printlock() {
	self := uintptr(unsafe.Pointer(getg()))
	if atomic.Loaduintptr(&printState.owner) != self {
		for !atomic.Casuintptr(&printState.owner, 0, self) {
			gosched()
		}
	}
	printState.depth++
}

func printunlock() {
	printState.depth--
	if printState.depth > 0 {
		return
	}
	printFlush()
	atomic.Storeuintptr(&printState.owner, 0)
}

func printFlush() {
	if printState.used > 0 {
		write_err(unsafe.Pointer(&printState.buf), printState.used)
		printState.used = 0
	}
}

func printstring(s string) {
	if len(s) == 0 {
		return
	}
	if len(s) > len(printState.buf)-printState.used {
		printFlush()
		if len(s) > len(printState.buf) {
			write_err(unsafe.Pointer(unsafe.StringData(s)), len(s))
			return
		}
	}
	memmove(unsafe.Pointer(&printState.buf[printState.used]), unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)))
	printState.used += len(s)
}

func printbytes(b []byte) {
	printstring(unsafe.String(unsafe.SliceData(b), len(b)))
}

func printnl() { printstring("\n") }
func printsp() { printstring(" ") }

func printbool(v bool) {
	if v {
		printstring("true")
	} else {
		printstring("false")
	}
}

func printuint(v uint64) {
	var buf [20]byte
	printbytes(itoa(&buf, v))
}

func printint(v int64) {
	if v < 0 {
		printstring("-")
		v = -v
	}
	printuint(uint64(v))
}

func printhex(v uint64) {
	var buf [18]byte
	printbytes(hexBytes(&buf, v))
}

func hexBytes(buf *[18]byte, v uint64) []byte {
	const digits = "0123456789abcdef"
	i := len(buf)
	for {
		i--
		buf[i] = digits[v&15]
		v >>= 4
		if v == 0 {
			break
		}
	}
	buf[i-1] = 'x'
	buf[i-2] = '0'
	return buf[i-2:]
}

func printuintptr(v uintptr)         { printuint(uint64(v)) }
func printpointer(p unsafe.Pointer)  { printhex(uint64(uintptr(p))) }
func printeface(v any)               { printwords(*(*[2]uintptr)(unsafe.Pointer(&v))) }
func printiface(t, d unsafe.Pointer) { printwords([2]uintptr{uintptr(t), uintptr(d)}) }

func printwords(w [2]uintptr) {
	printstring("(")
	printhex(uint64(w[0]))
	printstring(",")
	printhex(uint64(w[1]))
	printstring(")")
}

func printslice(array unsafe.Pointer, len, cap int) {
	printstring("[")
	printint(int64(len))
	printstring("/")
	printint(int64(cap))
	printstring("]")
	printpointer(array)
}

// Floats in the shortest form that reads back as the same value.

func printfloat32(v float32) {
	var buf [32]byte
	printbytes(strconv.AppendFloat(buf[:0], float64(v), 'g', -1, 32))
}

func printfloat64(v float64) {
	var buf [32]byte
	printbytes(strconv.AppendFloat(buf[:0], v, 'g', -1, 64))
}

func printcomplex64(v complex64) {
	var buf [64]byte
	printbytes(strconv.AppendComplex(buf[:0], complex128(v), 'g', -1, 64))
}

func printcomplex128(v complex128) {
	var buf [64]byte
	printbytes(strconv.AppendComplex(buf[:0], v, 'g', -1, 128))
}

// printAnyValue shows the value of a panic: basic kinds as println does, wrapped in the
// type's name if it has one, everything else as its type and address.
func printAnyValue(v any) {
	switch v := v.(type) {
	case nil:
		printstring("nil")
	case string:
		printindented(v)
	default:
		e := efaceOf(&v)
		if typePackage(e.typ) == "" && printBasic(e.typ, e.data) {
			return
		}
		printNamed(e)
	}
}

// printindented puts a tab behind each newline, so that nothing in a panic's text can pass
// for a part of the dump that follows.
func printindented(s string) {
	for {
		i := indexByte(s, '\n')
		if i < 0 {
			printstring(s)
			return
		}
		printstring(s[:i+1])
		printstring("\t")
		s = s[i+1:]
	}
}
