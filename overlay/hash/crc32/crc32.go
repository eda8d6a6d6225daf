package crc32

import "unsafe"

// The updates are runtime calls, which multiply without carries where the processor can;
// only short ranges go by the tables of the portable code.
//
//goxide:skip crc32_amd64.go
//goxide:take crc32_otherarch.go

//go:linkname runtime_crc32_ieee runtime.crc32_ieee
//go:noescape
func runtime_crc32_ieee(crc uintptr, p *byte, n uintptr) uintptr

//go:linkname runtime_crc32_castagnoli runtime.crc32_castagnoli
//go:noescape
func runtime_crc32_castagnoli(crc uintptr, p *byte, n uintptr) uintptr

const (
	// callBytes is how much one call gets: nothing preempts it.
	callBytes = 1 << 18
	// From this length on a call pays.
	worthwhile = 64
)

var ieeeTables, castagnoliTables *slicing8Table

func archAvailableIEEE() bool       { return true }
func archInitIEEE()                 { ieeeTables = slicingMakeTable(IEEE) }
func archAvailableCastagnoli() bool { return true }
func archInitCastagnoli()           { castagnoliTables = slicingMakeTable(Castagnoli) }

func archUpdateIEEE(crc uint32, p []byte) uint32 {
	for len(p) >= worthwhile {
		n := min(len(p), callBytes) &^ 15
		crc = uint32(runtime_crc32_ieee(uintptr(crc), unsafe.SliceData(p), uintptr(n)))
		p = p[n:]
	}
	return slicingUpdate(crc, ieeeTables, p)
}

func archUpdateCastagnoli(crc uint32, p []byte) uint32 {
	for len(p) >= worthwhile {
		n := min(len(p), callBytes) &^ 15
		crc = uint32(runtime_crc32_castagnoli(uintptr(crc), unsafe.SliceData(p), uintptr(n)))
		p = p[n:]
	}
	return slicingUpdate(crc, castagnoliTables, p)
}
