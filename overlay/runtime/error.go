//goxide:replace package

package runtime

import (
	"internal/abi"
	"unsafe"
)

// Run-time errors: their types are visible to programs through %T, errors.As and
// interface assertions.

// Error identifies a run-time error: what the runtime itself panics with implements it.
type Error interface {
	error

	// RuntimeError does nothing; having it sets run-time errors apart from other errors.
	RuntimeError()
}

// TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    *_type // static type of the operand, if known
	concrete      *_type // nil if the operand was nil
	asserted      *_type
	missingMethod string
}

// RuntimeError marks it as a run-time error.
func (*TypeAssertionError) RuntimeError() {}

// Error says what was found and what was wanted.
func (e *TypeAssertionError) Error() string {
	const prefix = "interface conversion: "
	wanted := typeString(e.asserted)
	operand := "interface"
	if e._interface != nil {
		operand = typeString(e._interface)
	}
	if e.concrete == nil {
		return prefix + operand + " is nil, not " + wanted
	}
	found := typeString(e.concrete)
	if e.missingMethod != "" {
		return prefix + found + " is not " + wanted + ": missing method " + e.missingMethod
	}
	text := prefix + operand + " is " + found + ", not " + wanted
	if found != wanted {
		return text
	}
	if typePackage(e.concrete) != typePackage(e.asserted) {
		return text + " (types from different packages)"
	}
	return text + " (types from different scopes)"
}

// errorString is most run-time errors.
type errorString string

func (errorString) RuntimeError() {}

func (e errorString) Error() string { return "runtime error: " + string(e) }

// plainError is a run-time error whose text comes without a prefix.
type plainError string

func (plainError) RuntimeError() {}

func (e plainError) Error() string { return string(e) }

// errorAddressString is a fault at an address other than nil, under SetPanicOnFault.
type errorAddressString struct {
	msg  string
	addr uintptr
}

func (errorAddressString) RuntimeError() {}

func (e errorAddressString) Error() string { return "runtime error: " + e.msg }

// Addr is the address that could not be accessed.
func (e errorAddressString) Addr() uintptr { return e.addr }

// boundsError is a failed index, slice expression or conversion to an array.
type boundsError struct {
	x      int64
	y      int
	signed bool
	code   abi.BoundsErrorCode
}

func (boundsError) RuntimeError() {}

// boundsTexts gives for each kind what stands before x, between x and y, and behind y, and
// what stands behind a negative x, where y says nothing.
var boundsTexts = [...]struct{ before, between, after, afterNegative string }{
	abi.BoundsIndex:      {"index out of range [", "] with length ", "", "]"},
	abi.BoundsSliceAlen:  {"slice bounds out of range [:", "] with length ", "", "]"},
	abi.BoundsSliceAcap:  {"slice bounds out of range [:", "] with capacity ", "", "]"},
	abi.BoundsSliceB:     {"slice bounds out of range [", ":", "]", ":]"},
	abi.BoundsSlice3Alen: {"slice bounds out of range [::", "] with length ", "", "]"},
	abi.BoundsSlice3Acap: {"slice bounds out of range [::", "] with capacity ", "", "]"},
	abi.BoundsSlice3B:    {"slice bounds out of range [:", ":", "]", ":]"},
	abi.BoundsSlice3C:    {"slice bounds out of range [", ":", ":]", "::]"},
}

func (e boundsError) Error() string {
	const prefix = "runtime error: "
	x := decimal(uint64(e.x))
	if e.signed && e.x < 0 {
		x = "-" + decimal(-uint64(e.x))
	}
	y := decimal(uint64(e.y))
	if e.code == abi.BoundsConvert {
		return prefix + "cannot convert slice with length " + y + " to array or pointer to array with length " + x
	}
	t := &boundsTexts[e.code]
	if e.signed && e.x < 0 {
		return prefix + t.before + x + t.afterNegative
	}
	return prefix + t.before + x + t.between + y + t.after
}

func decimal(v uint64) string {
	var buf [20]byte
	return string(itoa(&buf, v))
}

func hex(v uintptr) string {
	var buf [18]byte
	return string(hexBytes(&buf, uint64(v)))
}

// PanicNilError is what recover gives for panic(nil).
type PanicNilError struct {
	_ [0]*PanicNilError // so that no other type converts to it
}

// Error names the fault.
func (*PanicNilError) Error() string { return "runtime error: panic called with nil argument" }

// RuntimeError marks it as a run-time error.
func (*PanicNilError) RuntimeError() {}

// Errors that are always the same value. math/bits links to the first two.
var (
	overflowError          = error(errorString("integer overflow"))
	divideError            = error(errorString("integer divide by zero"))
	shiftError             = error(errorString("negative shift amount"))
	memoryError            = error(errorString("invalid memory address or nil pointer dereference"))
	floatError             = error(errorString("floating point error"))
	rangeDoneError         = error(errorString("range function continued iteration after function for loop body returned false"))
	rangePanicError        = error(errorString("range function continued iteration after loop body panic"))
	rangeExhaustedError    = error(errorString("range function continued iteration after whole loop exit"))
	rangeMissingPanicError = error(errorString("range function recovered a loop body panic and did not resume panicking"))
)

// printBasic prints a value of a basic kind as println would, and tells whether it did.
func printBasic(t *_type, p unsafe.Pointer) bool {
	switch t.Kind() {
	case abi.Bool:
		printbool(*(*bool)(p))
	case abi.Int, abi.Int64:
		printint(*(*int64)(p))
	case abi.Int8:
		printint(int64(*(*int8)(p)))
	case abi.Int16:
		printint(int64(*(*int16)(p)))
	case abi.Int32:
		printint(int64(*(*int32)(p)))
	case abi.Uint, abi.Uint64, abi.Uintptr:
		printuint(*(*uint64)(p))
	case abi.Uint8:
		printuint(uint64(*(*uint8)(p)))
	case abi.Uint16:
		printuint(uint64(*(*uint16)(p)))
	case abi.Uint32:
		printuint(uint64(*(*uint32)(p)))
	case abi.Float32:
		printfloat32(*(*float32)(p))
	case abi.Float64:
		printfloat64(*(*float64)(p))
	case abi.Complex64:
		printcomplex64(*(*complex64)(p))
	case abi.Complex128:
		printcomplex128(*(*complex128)(p))
	default:
		return false
	}
	return true
}

// printNamed prints a value of a type with a name, or of no basic kind.
func printNamed(e *eface) {
	name := typeString(e.typ)
	switch e.typ.Kind() {
	case abi.String:
		printstring(name)
		printstring(`("`)
		printindented(*(*string)(e.data))
		printstring(`")`)
	case abi.Complex64, abi.Complex128:
		printstring(name)
		printBasic(e.typ, e.data)
	case abi.Bool, abi.Int, abi.Int8, abi.Int16, abi.Int32, abi.Int64, abi.Uint, abi.Uint8, abi.Uint16,
		abi.Uint32, abi.Uint64, abi.Uintptr, abi.Float32, abi.Float64:
		printstring(name)
		printstring("(")
		printBasic(e.typ, e.data)
		printstring(")")
	default:
		printstring("(")
		printstring(name)
		printstring(") ")
		printpointer(e.data)
	}
}
