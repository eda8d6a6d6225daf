package runtime

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

// Packages outside of the library that reach map iteration by linkname still use the
// interface of Go before 1.24: they own the iterator, read its first two words, and give
// it at least four. Go keeps these entry points for them, and so do we.

// oldMapIter is what fits in the callers' iterators.
type oldMapIter struct {
	key, elem unsafe.Pointer
	typ       *abi.MapType
	iter      *maps.Iter
}

func (it *oldMapIter) advance() {
	it.iter.Next()
	it.key, it.elem = it.iter.Key(), it.iter.Elem()
}

//go:linkname mapiterinit
func mapiterinit(t *abi.MapType, m *maps.Map, it *oldMapIter) {
	it.typ, it.iter = t, new(maps.Iter)
	it.iter.Init(t, m)
	it.advance()
}

//go:linkname mapiternext
func mapiternext(it *oldMapIter) {
	it.advance()
}

//go:linkname reflect_mapiterinit reflect.mapiterinit
func reflect_mapiterinit(t *abi.MapType, m *maps.Map, it *oldMapIter) {
	mapiterinit(t, m, it)
}

//go:linkname reflect_mapiternext reflect.mapiternext
func reflect_mapiternext(it *oldMapIter) {
	it.advance()
}

//go:linkname reflect_mapiterkey reflect.mapiterkey
func reflect_mapiterkey(it *oldMapIter) unsafe.Pointer {
	return it.iter.Key()
}

//go:linkname reflect_mapiterelem reflect.mapiterelem
func reflect_mapiterelem(it *oldMapIter) unsafe.Pointer {
	return it.iter.Elem()
}
