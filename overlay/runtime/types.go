//goxide:replace package

package runtime

import (
	"internal/abi"
	"unsafe"
)

// Type descriptors, and the offsets in them. The layouts are those of internal/abi.

type (
	_type         = abi.Type
	maptype       = abi.MapType
	chantype      = abi.ChanType
	interfacetype = abi.InterfaceType
	uncommontype  = abi.UncommonType
	itab          = abi.ITab
)

// eface is an interface value without methods, iface one with.
type eface struct {
	typ  *_type
	data unsafe.Pointer
}

type iface struct {
	tab  *itab
	data unsafe.Pointer
}

type slice struct {
	array unsafe.Pointer
	len   int
	cap   int
}

func efaceOf(p *any) *eface {
	return (*eface)(unsafe.Pointer(p))
}

func add(p unsafe.Pointer, n uintptr) unsafe.Pointer {
	return unsafe.Pointer(uintptr(p) + n)
}

func bytesAt(p unsafe.Pointer, n int) []byte {
	return unsafe.Slice((*byte)(p), n)
}

// typeString is the type's name as reflect gives it: the descriptor may store it with a
// star in front, to share the string with its pointer type.
func typeString(t *_type) string {
	s := nameAt(t, t.Str).Name()
	if t.TFlag&abi.TFlagExtraStar != 0 {
		return s[1:]
	}
	return s
}

// typePackage is the import path of the package that a named type is from, "" if none.
func typePackage(t *_type) string {
	if u := t.Uncommon(); u != nil {
		return nameAt(t, u.PkgPath).Name()
	}
	switch t.Kind() {
	case abi.Struct:
		return (*abi.StructType)(unsafe.Pointer(t)).PkgPath.Name()
	case abi.Interface:
		return (*interfacetype)(unsafe.Pointer(t)).PkgPath.Name()
	}
	return ""
}

// Offsets in descriptors count from the start of the read-only data, those of code from
// the start of the text. Types made by reflect use negative numbers from addOffset.

func nameAt(base *_type, off abi.NameOff) abi.Name {
	return abi.Name{Bytes: (*byte)(resolveOffset(unsafe.Pointer(base), int32(off)))}
}

func typeAt(base *_type, off abi.TypeOff) *_type {
	if off == 0 || off == -1 {
		// -1 stands for the type of a method that was not kept.
		return nil
	}
	return (*_type)(resolveOffset(unsafe.Pointer(base), int32(off)))
}

func textAt(off abi.TextOff) unsafe.Pointer {
	if off == -1 {
		return unsafe.Pointer(abi.FuncPCABIInternal(unreachableMethod))
	}
	if off < 0 {
		return resolveOffset(nil, int32(off))
	}
	return unsafe.Pointer(module_header().text[0] + uintptr(off))
}

// unreachableMethod stands where a method was left out because nothing can call it.
func unreachableMethod() {
	throw("unreachable method called. linker bug?")
}

func resolveOffset(base unsafe.Pointer, off int32) unsafe.Pointer {
	if off == 0 {
		return nil
	}
	if off > 0 {
		return unsafe.Pointer(module_header().rodata[0] + uintptr(off))
	}
	offsets.lock.lock()
	p := offsets.byID[off]
	offsets.lock.unlock()
	if p == nil {
		throw("runtime: name or type offset out of range")
	}
	return p
}

// offsets holds the addresses that reflect has asked numbers for.
var offsets struct {
	lock spinLock
	next int32
	byID map[int32]unsafe.Pointer
	ids  map[unsafe.Pointer]int32
}

func addOffset(p unsafe.Pointer) int32 {
	offsets.lock.lock()
	if offsets.byID == nil {
		offsets.byID = make(map[int32]unsafe.Pointer)
		offsets.ids = make(map[unsafe.Pointer]int32)
		offsets.next = -2
	}
	id, ok := offsets.ids[p]
	if !ok {
		id = offsets.next
		offsets.next--
		offsets.byID[id] = p
		offsets.ids[p] = id
	}
	offsets.lock.unlock()
	return id
}

// methodsOf gives the methods of a named type, sorted by name.
func methodsOf(t *_type) []abi.Method {
	u := t.Uncommon()
	if u == nil {
		return nil
	}
	return u.Methods()
}

//go:linkname reflect_resolveNameOff reflect.resolveNameOff
func reflect_resolveNameOff(base unsafe.Pointer, off int32) unsafe.Pointer {
	return resolveOffset(base, off)
}

//go:linkname reflect_resolveTypeOff reflect.resolveTypeOff
func reflect_resolveTypeOff(base unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(typeAt((*_type)(base), abi.TypeOff(off)))
}

//go:linkname reflect_resolveTextOff reflect.resolveTextOff
func reflect_resolveTextOff(base unsafe.Pointer, off int32) unsafe.Pointer {
	return textAt(abi.TextOff(off))
}

//go:linkname reflectlite_resolveNameOff internal/reflectlite.resolveNameOff
func reflectlite_resolveNameOff(base unsafe.Pointer, off int32) unsafe.Pointer {
	return resolveOffset(base, off)
}

//go:linkname reflectlite_resolveTypeOff internal/reflectlite.resolveTypeOff
func reflectlite_resolveTypeOff(base unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(typeAt((*_type)(base), abi.TypeOff(off)))
}

//go:linkname reflect_addReflectOff reflect.addReflectOff
func reflect_addReflectOff(p unsafe.Pointer) int32 {
	return addOffset(p)
}

// reflect looks up composite types here before it makes them, so that equal types have
// one descriptor.
//
//go:linkname reflect_compiledTypelinks reflect.compiledTypelinks
func reflect_compiledTypelinks() ([]*_type, [][]*_type) {
	links := module_header().typelinks
	return unsafe.Slice((**_type)(unsafe.Pointer(links[0])), links[1]), nil
}

//go:linkname reflect_adjustAIXGCDataForRuntime reflect.adjustAIXGCDataForRuntime
func reflect_adjustAIXGCDataForRuntime(p *byte) *byte {
	return p
}

// maps names the type of a key that cannot be hashed.
//
//go:linkname maps_typeString internal/runtime/maps.typeString
func maps_typeString(t *_type) string {
	return typeString(t)
}
