//goxide:replace package

package runtime

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

// Equality and hash functions: what type and map descriptors point to. The fast map
// operations of internal/runtime/maps hash keys of 4 and 8 bytes and strings themselves,
// so memhash32, memhash64 and strhash must give what those compute.

func memequal0(p, q unsafe.Pointer) bool   { return true }
func memequal8(p, q unsafe.Pointer) bool   { return *(*uint8)(p) == *(*uint8)(q) }
func memequal16(p, q unsafe.Pointer) bool  { return *(*uint16)(p) == *(*uint16)(q) }
func memequal32(p, q unsafe.Pointer) bool  { return *(*uint32)(p) == *(*uint32)(q) }
func memequal64(p, q unsafe.Pointer) bool  { return *(*uint64)(p) == *(*uint64)(q) }
func memequal128(p, q unsafe.Pointer) bool { return memequal(p, q, 16) }
func f32equal(p, q unsafe.Pointer) bool    { return *(*float32)(p) == *(*float32)(q) }
func f64equal(p, q unsafe.Pointer) bool    { return *(*float64)(p) == *(*float64)(q) }
func c64equal(p, q unsafe.Pointer) bool    { return *(*complex64)(p) == *(*complex64)(q) }
func c128equal(p, q unsafe.Pointer) bool   { return *(*complex128)(p) == *(*complex128)(q) }

func strequal(p, q unsafe.Pointer) bool {
	a, b := *(*string)(p), *(*string)(q)
	return len(a) == len(b) && memequal(unsafe.Pointer(unsafe.StringData(a)), unsafe.Pointer(unsafe.StringData(b)), uintptr(len(a)))
}

// memequal_varlen and memhash_varlen are closures over a size.
//
//go:noinline
func memequal_varlen(p, q unsafe.Pointer) bool {
	ctx := getclosureptr()
	return memequal(p, q, *(*uintptr)(add(ctx, 8)))
}

//go:noinline
func memhash_varlen(p unsafe.Pointer, h uintptr) uintptr {
	ctx := getclosureptr()
	return memhash(p, h, *(*uintptr)(add(ctx, 8)))
}

func interequal(p, q unsafe.Pointer) bool {
	x, y := (*iface)(p), (*iface)(q)
	return x.tab == y.tab && ifaceeq(x.tab, x.data, y.data)
}

func nilinterequal(p, q unsafe.Pointer) bool {
	x, y := (*eface)(p), (*eface)(q)
	return x.typ == y.typ && efaceeq(x.typ, x.data, y.data)
}

func efaceeq(t *_type, x, y unsafe.Pointer) bool {
	if t == nil {
		return true
	}
	if t.Equal == nil {
		panic(errorString("comparing uncomparable type " + typeString(t)))
	}
	if t.IsDirectIface() {
		return x == y
	}
	return x == y && isReflexive(t) || t.Equal(x, y)
}

// isReflexive tells that equal addresses mean equal values without a look at them; it
// leaves out everything that may hold a float.
func isReflexive(t *_type) bool {
	return t.TFlag&abi.TFlagRegularMemory != 0 || t.Kind() == abi.String
}

func ifaceeq(tab *itab, x, y unsafe.Pointer) bool {
	return tab == nil || efaceeq(tab.Type, x, y)
}

func memhash(p unsafe.Pointer, h, size uintptr) uintptr { return maps.MemHash(p, h, size) }

func memhash0(p unsafe.Pointer, h uintptr) uintptr   { return h }
func memhash8(p unsafe.Pointer, h uintptr) uintptr   { return maps.MemHash(p, h, 1) }
func memhash16(p unsafe.Pointer, h uintptr) uintptr  { return maps.MemHash(p, h, 2) }
func memhash32(p unsafe.Pointer, h uintptr) uintptr  { return maps.MemHash32(*(*uint32)(p), h) }
func memhash64(p unsafe.Pointer, h uintptr) uintptr  { return maps.MemHash64(*(*uint64)(p), h) }
func memhash128(p unsafe.Pointer, h uintptr) uintptr { return maps.MemHash(p, h, 16) }
func strhash(p unsafe.Pointer, h uintptr) uintptr    { return maps.StrHash(*(*string)(p), h) }
func stringHash(s string, h uintptr) uintptr         { return maps.StrHash(s, h) }

// scramble makes a hash from a seed alone, or spreads one. Odd multiplier: the golden
// ratio in 64 bits.
func scramble(h uintptr) uintptr {
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// Zeros of both signs are equal, so they hash alike; a NaN equals nothing, so that its
// hash is random lest a map full of them becomes one long chain.

func f32hash(p unsafe.Pointer, h uintptr) uintptr {
	switch f := *(*float32)(p); {
	case f == 0:
		return scramble(h)
	case f != f:
		return scramble(h ^ uintptr(rand()))
	}
	return memhash32(p, h)
}

func f64hash(p unsafe.Pointer, h uintptr) uintptr {
	switch f := *(*float64)(p); {
	case f == 0:
		return scramble(h)
	case f != f:
		return scramble(h ^ uintptr(rand()))
	}
	return memhash64(p, h)
}

func c64hash(p unsafe.Pointer, h uintptr) uintptr {
	return f32hash(add(p, 4), f32hash(p, h))
}

func c128hash(p unsafe.Pointer, h uintptr) uintptr {
	return f64hash(add(p, 8), f64hash(p, h))
}

func interhash(p unsafe.Pointer, h uintptr) uintptr {
	v := (*iface)(p)
	if v.tab == nil {
		return h
	}
	return dynamicHash(v.tab.Type, v.data, h)
}

func nilinterhash(p unsafe.Pointer, h uintptr) uintptr {
	v := (*eface)(p)
	if v.typ == nil {
		return h
	}
	return dynamicHash(v.typ, v.data, h)
}

// dynamicHash hashes what an interface holds. It must not depend on the interface's type:
// a key of type any and one of type error may meet in one map through conversions.
func dynamicHash(t *_type, data unsafe.Pointer, h uintptr) uintptr {
	if t.Equal == nil {
		panic(errorString("hash of unhashable type " + typeString(t)))
	}
	p := data
	if t.IsDirectIface() {
		p = unsafe.Pointer(&data)
	}
	return scramble(typehash(t, p, ^h))
}

// typehash hashes a value of any comparable type by walking the type.
func typehash(t *_type, p unsafe.Pointer, h uintptr) uintptr {
	if t.TFlag&abi.TFlagRegularMemory != 0 {
		switch t.Size_ {
		case 4:
			return memhash32(p, h)
		case 8:
			return memhash64(p, h)
		}
		return memhash(p, h, t.Size_)
	}
	switch t.Kind() {
	case abi.Float32:
		return f32hash(p, h)
	case abi.Float64:
		return f64hash(p, h)
	case abi.Complex64:
		return c64hash(p, h)
	case abi.Complex128:
		return c128hash(p, h)
	case abi.String:
		return strhash(p, h)
	case abi.Interface:
		if len((*interfacetype)(unsafe.Pointer(t)).Methods) == 0 {
			return nilinterhash(p, h)
		}
		return interhash(p, h)
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.Len; i++ {
			h = typehash(a.Elem, add(p, i*a.Elem.Size_), h)
		}
		return h
	case abi.Struct:
		for _, f := range (*abi.StructType)(unsafe.Pointer(t)).Fields {
			if !f.Name.IsBlank() {
				h = typehash(f.Typ, add(p, f.Offset), h)
			}
		}
		return h
	case abi.Slice, abi.Map, abi.Func:
		panic(errorString("hash of unhashable type " + typeString(t)))
	}
	// Plain values whose descriptor lacks the flag.
	return memhash(p, h, t.Size_)
}

//go:linkname reflect_typehash reflect.typehash
func reflect_typehash(t *_type, p unsafe.Pointer, h uintptr) uintptr { return typehash(t, p, h) }
