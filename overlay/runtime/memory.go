//goxide:replace package

package runtime

import (
	"internal/abi"
	"internal/runtime/math"
	"unsafe"
)

// Allocation, slices, and copies of typed memory.

// maxAlloc is the size of the address space that objects can lie in.
const maxAlloc = 1 << 48

// zerobase is what pointers to objects of size zero point to.
var zerobase uintptr

// zeroVal is where the result of looking up a missing map key points.
var zeroVal [abi.ZeroValSize]byte

func newobject(typ *_type) unsafe.Pointer {
	if typ.Size_ == 0 {
		return unsafe.Pointer(&zerobase)
	}
	return allocate(typ.Size_, typ)
}

// allocate gives zeroed memory for one or several values of a type.
func allocate(size uintptr, typ *_type) unsafe.Pointer {
	if typ != nil && typ.PtrBytes == 0 {
		typ = nil
	}
	return mallocgc(size, typ, 1)
}

func newarray(typ *_type, n int) unsafe.Pointer {
	size, overflow := math.MulUintptr(typ.Size_, uintptr(n))
	if overflow || size > maxAlloc || n < 0 {
		panic(plainError("runtime: allocation size out of range"))
	}
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	return allocate(size, typ)
}

func makeslice(et *_type, len, cap int) unsafe.Pointer {
	size, overflow := math.MulUintptr(et.Size_, uintptr(cap))
	if overflow || size > maxAlloc || len < 0 || len > cap {
		makesliceFailed(et, len)
	}
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	return allocate(size, et)
}

// makesliceFailed blames the length if it is bad by itself, so that make([]T, huge) is
// not reported as a bad capacity.
func makesliceFailed(et *_type, len int) {
	size, overflow := math.MulUintptr(et.Size_, uintptr(len))
	if overflow || size > maxAlloc || len < 0 {
		panicmakeslicelen()
	}
	panicmakeslicecap()
}

func makeslicecopy(et *_type, toLen, fromLen int, from unsafe.Pointer) unsafe.Pointer {
	size, overflow := math.MulUintptr(et.Size_, uintptr(toLen))
	if overflow || size > maxAlloc || toLen < 0 {
		panicmakeslicelen()
	}
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	copied := uintptr(min(toLen, fromLen)) * et.Size_
	if et.PtrBytes != 0 {
		to := allocate(size, et)
		typedmemmove_bytes(et, to, from, copied)
		return to
	}
	to := mallocgc(size, nil, 0)
	memmove(to, from, copied)
	memclr(add(to, copied), size-copied)
	return to
}

// growslice makes room for num more elements behind the oldLen = newLen - num that are
// there.
func growslice(old unsafe.Pointer, newLen, oldCap, num int, et *_type) (unsafe.Pointer, int, int) {
	if newLen < 0 {
		panic(errorString("growslice: len out of range"))
	}
	if et.Size_ == 0 {
		// The elements need no memory, but the slice must not be nil.
		return unsafe.Pointer(&zerobase), newLen, newLen
	}
	size, overflow := math.MulUintptr(et.Size_, uintptr(nextCap(newLen, oldCap)))
	if overflow || size > maxAlloc {
		panic(errorString("growslice: len out of range"))
	}
	size = usableSize(size, et.PtrBytes == 0)
	newCap := int(size / et.Size_)
	size = uintptr(newCap) * et.Size_
	used := uintptr(newLen-num) * et.Size_
	if et.PtrBytes != 0 {
		p := mallocgc(size, et, 1)
		typedmemmove_bytes(et, p, old, used)
		return p, newLen, newCap
	}
	// The caller writes up to newLen itself.
	p := mallocgc(size, nil, 0)
	memmove(p, old, used)
	filled := uintptr(newLen) * et.Size_
	memclr(add(p, filled), size-filled)
	return p, newLen, newCap
}

// nextCap doubles small slices and grows large ones by a quarter, with a smooth way from
// one to the other; programs print the results of Go's rule, so it is the same here.
func nextCap(newLen, oldCap int) int {
	if newLen > oldCap+oldCap {
		return newLen
	}
	const threshold = 256
	if oldCap < threshold {
		return oldCap + oldCap
	}
	c := oldCap
	for uint(c) < uint(newLen) {
		c += (c + 3*threshold) >> 2
	}
	if c <= 0 {
		return newLen
	}
	return c
}

func slicecopy(to unsafe.Pointer, toLen int, from unsafe.Pointer, fromLen int, width uintptr) int {
	n := min(toLen, fromLen)
	if n != 0 && width != 0 {
		memmove(to, from, uintptr(n)*width)
	}
	return n
}

func typedslicecopy(et *_type, to unsafe.Pointer, toLen int, from unsafe.Pointer, fromLen int) int {
	n := min(toLen, fromLen)
	if n != 0 && to != from {
		typedmemmove_bytes(et, to, from, uintptr(n)*et.Size_)
	}
	return n
}

// The one place where pointers are copied in bulk, with a write barrier while the collector
// marks. Clearing needs none.

func typedmemmove(typ *_type, dst, src unsafe.Pointer) {
	if dst != src {
		typedmemmove_bytes(typ, dst, src, typ.Size_)
	}
}

func typedmemmove_bytes(et *_type, dst, src unsafe.Pointer, n uintptr) {
	if et.PtrBytes == 0 {
		memmove(dst, src, n)
		return
	}
	memmove_pointers(dst, src, n)
}

func typedmemclr(typ *_type, p unsafe.Pointer) {
	memclr(p, typ.Size_)
}

func memclrHasPointers(p unsafe.Pointer, n uintptr) {
	memclr(p, n)
}

// memclrNoHeapPointers has the name that other modules link to.
func memclrNoHeapPointers(p unsafe.Pointer, n uintptr) {
	memclr(p, n)
}

// KeepAlive marks its argument as reachable up to the call.
//
//go:noinline
func KeepAlive(x any) {}

// unsafeslice makes the checks of unsafe.Slice for reflect.
func unsafeslice(et *_type, p unsafe.Pointer, n int) {
	if n < 0 {
		panicunsafeslicelen()
	}
	size, overflow := math.MulUintptr(et.Size_, uintptr(n))
	if overflow || size > -uintptr(p) {
		if p == nil {
			panicunsafeslicenilptr()
		}
		panicunsafeslicelen()
	}
}

// Bodies that other packages link to.

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(typ *_type) unsafe.Pointer { return newobject(typ) }

//go:linkname reflectlite_unsafe_New internal/reflectlite.unsafe_New
func reflectlite_unsafe_New(typ *_type) unsafe.Pointer { return newobject(typ) }

//go:linkname maps_newobject internal/runtime/maps.newobject
func maps_newobject(typ *_type) unsafe.Pointer { return newobject(typ) }

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }

//go:linkname maps_newarray internal/runtime/maps.newarray
func maps_newarray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }

// In gc this one has no barrier, as it moves results to stacks. Here they are in a frame that
// is an object.
//
//go:linkname reflect_memmove reflect.memmove
func reflect_memmove(dst, src unsafe.Pointer, n uintptr) { memmove_pointers(dst, src, n) }

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname maps_typedmemmove internal/runtime/maps.typedmemmove
func maps_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(typ *_type, p unsafe.Pointer) { typedmemclr(typ, p) }

//go:linkname maps_typedmemclr internal/runtime/maps.typedmemclr
func maps_typedmemclr(typ *_type, p unsafe.Pointer) { typedmemclr(typ, p) }

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(typ *_type, p unsafe.Pointer, off, size uintptr) { memclr(p, size) }

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(typ *_type, p unsafe.Pointer, n int) {
	memclr(p, typ.Size_*uintptr(n))
}

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(et *_type, dst, src slice) int {
	return typedslicecopy(et, dst.array, dst.len, src.array, src.len)
}

// reflect wants room for num more elements but keeps the length, and what lies beyond it
// must be zero even where an append would overwrite it.
//
//go:linkname reflect_growslice reflect.growslice
func reflect_growslice(et *_type, old slice, num int) slice {
	num -= old.cap - old.len
	p, newLen, newCap := growslice(old.array, old.cap+num, old.cap, num, et)
	if et.PtrBytes == 0 {
		start := uintptr(old.cap) * et.Size_
		memclr(add(p, start), uintptr(newLen)*et.Size_-start)
	}
	return slice{p, old.len, newCap}
}

//go:linkname reflect_unsafeslice reflect.unsafeslice
func reflect_unsafeslice(et *_type, p unsafe.Pointer, n int) { unsafeslice(et, p, n) }

//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool {
	var info [2]uintptr
	return find_object(p, &info) == 0
}

// getStaticuint64s lets reflect put small integers into interfaces without allocating.
func getStaticuint64s() *[256]uint64 { return &staticuint64s }

//go:linkname bytealg_MakeNoZero internal/bytealg.MakeNoZero
func bytealg_MakeNoZero(n int) []byte {
	if uintptr(n) > maxAlloc {
		panicmakeslicelen()
	}
	if n == 0 {
		return []byte{}
	}
	size := usableSize(uintptr(n), true)
	return unsafe.Slice((*byte)(mallocgc(size, nil, 0)), size)[:n]
}
