//goxide:replace package

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

// Method tables of interfaces, conversions, and type assertions.

// itabTable maps (interface, type) to method tables: the static ones of the program, and
// those made when an assertion first needs them. Readers take no lock: slots only ever
// fill, and a grown table replaces the old one whole. A failed combination is kept as a
// table without a first method.
type itabTable struct {
	mask  uintptr
	count uintptr
	slots []*itab
}

var (
	itabs     unsafe.Pointer // *itabTable
	itabsLock spinLock
)

const firstItabSlots = 512

func itabHash(inter *interfacetype, typ *_type) uintptr {
	return uintptr(inter.Type.Hash ^ typ.Hash)
}

func newItabTable(slots uintptr) *itabTable {
	return &itabTable{mask: slots - 1, slots: make([]*itab, slots)}
}

// slot gives the address where the table for this pair is, or belongs.
func (t *itabTable) slot(inter *interfacetype, typ *_type) *unsafe.Pointer {
	for h, step := itabHash(inter, typ)&t.mask, uintptr(1); ; h, step = (h+step)&t.mask, step+1 {
		p := (*unsafe.Pointer)(unsafe.Pointer(&t.slots[h]))
		m := (*itab)(atomic.Loadp(unsafe.Pointer(p)))
		if m == nil || m.Inter == inter && m.Type == typ {
			return p
		}
	}
}

func (t *itabTable) insert(m *itab) {
	p := t.slot(m.Inter, m.Type)
	if *p == nil {
		t.count++
		atomic.StorepNoWB(unsafe.Pointer(p), unsafe.Pointer(m))
	}
}

// addItab enters a method table, in a table twice as large if this one is three quarters
// full. The lock is held.
func addItab(m *itab) {
	t := (*itabTable)(itabs)
	if t.count >= t.mask/4*3 {
		grown := newItabTable(2 * (t.mask + 1))
		for _, old := range t.slots {
			if old != nil {
				grown.insert(old)
			}
		}
		t = grown
		atomic.StorepNoWB(unsafe.Pointer(&itabs), unsafe.Pointer(t))
	}
	t.insert(m)
}

// initItabs enters the method tables that the program was linked with.
func initItabs() {
	static := module_header().itabs
	all := unsafe.Slice((**itab)(unsafe.Pointer(static[0])), static[1])
	slots := uintptr(firstItabSlots)
	for slots/4*3 <= uintptr(len(all)) {
		slots *= 2
	}
	t := newItabTable(slots)
	for _, m := range all {
		t.insert(m)
	}
	itabs = unsafe.Pointer(t)
}

// findItab finds or makes the method table, which is without a first method if one is
// missing.
func findItab(inter *interfacetype, typ *_type) *itab {
	m := (*itab)(*(*itabTable)(atomic.Loadp(unsafe.Pointer(&itabs))).slot(inter, typ))
	if m == nil {
		m = makeItab(inter, typ)
	}
	return m
}

// getitab finds or makes the method table of a type for an interface. Without all methods
// it gives nil if canfail, and panics otherwise.
func getitab(inter *interfacetype, typ *_type, canfail bool) *itab {
	m := findItab(inter, typ)
	if m.Fun[0] != 0 {
		return m
	}
	if canfail {
		return nil
	}
	panic(&TypeAssertionError{concrete: typ, asserted: &inter.Type, missingMethod: fillItab(m)})
}

func makeItab(inter *interfacetype, typ *_type) *itab {
	size := unsafe.Sizeof(itab{}) + uintptr(len(inter.Methods)-1)*unsafe.Sizeof(uintptr(0))
	// Only the table keeps it alive: the collector does not look at the first word of an
	// interface. Entries are never removed.
	m := (*itab)(mallocgc(size, nil, 1))
	m.Inter = inter
	m.Type = typ
	m.Hash = typ.Hash
	fillItab(m)
	itabsLock.lock()
	addItab(m)
	// Another goroutine may have been faster; its table is the one that is found.
	found := (*itab)(*(*itabTable)(itabs).slot(inter, typ))
	itabsLock.unlock()
	return found
}

// fillItab writes the methods' addresses; both lists are sorted by name, so one walk over
// them is enough. If a method is missing it gives its name and leaves Fun[0] zero.
func fillItab(m *itab) string {
	typ := m.Type
	methods := methodsOf(typ)
	fun := unsafe.Slice(&m.Fun[0], len(m.Inter.Methods))
	first := unsafe.Pointer(nil)
	j := 0
	for i := range m.Inter.Methods {
		want := &m.Inter.Methods[i]
		name := nameAt(&m.Inter.Type, want.Name)
		for ; j < len(methods); j++ {
			if implements(m.Inter, want, name, typ, &methods[j]) {
				break
			}
		}
		if j == len(methods) {
			return name.Name()
		}
		code := textAt(methods[j].Ifn)
		if i == 0 {
			first = code
		} else {
			fun[i] = uintptr(code)
		}
		j++
	}
	fun[0] = uintptr(first)
	return ""
}

// implements tells whether a method of a type is the one that an interface wants: same
// name, same signature, and for unexported names the same package.
func implements(inter *interfacetype, want *abi.Imethod, name abi.Name, typ *_type, have *abi.Method) bool {
	haveName := nameAt(typ, have.Name)
	if haveName.Name() != name.Name() {
		return false
	}
	if typeAt(typ, have.Mtyp) != typeAt(&inter.Type, want.Typ) {
		return false
	}
	if haveName.IsExported() {
		return true
	}
	return packageOfName(name, inter.PkgPath.Name(), &inter.Type) ==
		packageOfName(haveName, nameAt(typ, typ.Uncommon().PkgPath).Name(), typ)
}

// packageOfName is the import path that an unexported name belongs to: its own, if it
// carries one (after flags, length and bytes, and a tag if any), else that of its type.
func packageOfName(n abi.Name, other string, base *_type) string {
	if n.Bytes == nil || *n.Data(0)&(1<<2) == 0 {
		return other
	}
	i, l := n.ReadVarint(1)
	off := 1 + i + l
	if n.HasTag() {
		i, l = n.ReadVarint(off)
		off += i + l
	}
	var pkg abi.NameOff
	copy((*[4]byte)(unsafe.Pointer(&pkg))[:], (*[4]byte)(unsafe.Pointer(n.Data(off)))[:])
	return nameAt(base, pkg).Name()
}

// The compiler gives each assertion to an interface a word in which the method table that
// it found last is remembered: most see the same type again and again.

func assertE2I(inter *interfacetype, t *_type, last **itab) *itab {
	if m := *last; m != nil && m.Type == t {
		return m
	}
	if t == nil {
		panic(&TypeAssertionError{asserted: &inter.Type})
	}
	m := getitab(inter, t, false)
	*last = m
	return m
}

func assertE2I2(inter *interfacetype, t *_type, last **itab) *itab {
	m := *last
	if m == nil || m.Type != t {
		if t == nil {
			return nil
		}
		m = findItab(inter, t)
		*last = m
	}
	if m.Fun[0] == 0 {
		return nil
	}
	return m
}

// The data words of interfaces. Small integers and empty values share static memory.

func convT16(v uint16) unsafe.Pointer {
	if v < uint16(len(staticuint64s)) {
		return unsafe.Pointer(&staticuint64s[v])
	}
	p := (*uint16)(mallocgc(2, nil, 0))
	*p = v
	return unsafe.Pointer(p)
}

func convT32(v uint32) unsafe.Pointer {
	if v < uint32(len(staticuint64s)) {
		return unsafe.Pointer(&staticuint64s[v])
	}
	p := (*uint32)(mallocgc(4, nil, 0))
	*p = v
	return unsafe.Pointer(p)
}

func convT64(v uint64) unsafe.Pointer {
	if v < uint64(len(staticuint64s)) {
		return unsafe.Pointer(&staticuint64s[v])
	}
	p := (*uint64)(mallocgc(8, nil, 0))
	*p = v
	return unsafe.Pointer(p)
}

func convTstring(s string) unsafe.Pointer {
	if s == "" {
		return unsafe.Pointer(&zeroVal)
	}
	p := new(string)
	*p = s
	return unsafe.Pointer(p)
}

func convTslice(array unsafe.Pointer, len, cap int) unsafe.Pointer {
	if array == nil {
		return unsafe.Pointer(&zeroVal)
	}
	p := new(slice)
	*p = slice{array, len, cap}
	return unsafe.Pointer(p)
}

func panicdottypeE(have, want, iface *_type) {
	panic(&TypeAssertionError{_interface: iface, concrete: have, asserted: want})
}

func panicdottypeI(have *itab, want, iface *_type) {
	var t *_type
	if have != nil {
		t = have.Type
	}
	panicdottypeE(t, want, iface)
}

func panicnildottype(want *_type) {
	panic(&TypeAssertionError{asserted: want})
}

// ifaceE2I is the assertion of reflect: any to an interface with methods at dst.
func ifaceE2I(inter *interfacetype, src any, dst unsafe.Pointer) {
	e := efaceOf(&src)
	if e.typ == nil {
		panic(&TypeAssertionError{asserted: &inter.Type})
	}
	*(*iface)(dst) = iface{getitab(inter, e.typ, false), e.data}
}

//go:linkname reflect_ifaceE2I reflect.ifaceE2I
func reflect_ifaceE2I(inter *interfacetype, src any, dst unsafe.Pointer) { ifaceE2I(inter, src, dst) }

//go:linkname reflectlite_ifaceE2I internal/reflectlite.ifaceE2I
func reflectlite_ifaceE2I(inter *interfacetype, src any, dst unsafe.Pointer) {
	ifaceE2I(inter, src, dst)
}
