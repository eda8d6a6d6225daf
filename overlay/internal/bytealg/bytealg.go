package bytealg

import (
	"internal/runtime/sys"
	"unsafe"
)

// What gc has in assembly: short ranges eight bytes at a time, long ones by vector code
// behind runtime calls.
//
//goxide:skip compare_native.go count_native.go equal_native.go index_native.go index_amd64.go indexbyte_native.go
//goxide:take index_generic.go

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
	lowSeven = ^uint64(highBits)
)

// load8 reads 8 bytes of which all are inside the object.
func load8(p *byte, i int) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(p), i))
}

func load1(p *byte, i int) byte {
	return *(*byte)(unsafe.Add(unsafe.Pointer(p), i))
}

// zeroBytes has the top bit set of exactly those bytes of x that are zero.
func zeroBytes(x uint64) uint64 {
	return ^(x&lowSeven + lowSeven | x) & highBits
}

// firstByte is the index of the lowest byte that has its top bit set.
func firstByte(x uint64) int { return sys.TrailingZeros64(x) >> 3 }

// longRange is from where a call pays.
const longRange = 16

//go:linkname runtime_index_byte runtime.index_byte
//go:noescape
func runtime_index_byte(p *byte, c, n uintptr) *byte

//go:linkname runtime_count_byte runtime.count_byte
//go:noescape
func runtime_count_byte(p *byte, c, n uintptr) uintptr

//go:linkname runtime_mem_compare runtime.mem_compare
//go:noescape
func runtime_mem_compare(p, q *byte, n uintptr) int32

func indexByte(p *byte, n int, c byte) int {
	if n >= longRange {
		hit := runtime_index_byte(p, uintptr(c), uintptr(n))
		if hit == nil {
			return -1
		}
		return int(uintptr(unsafe.Pointer(hit)) - uintptr(unsafe.Pointer(p)))
	}
	pattern := uint64(c) * lowBits
	i := 0
	for ; i+8 <= n; i += 8 {
		if hit := zeroBytes(load8(p, i) ^ pattern); hit != 0 {
			return i + firstByte(hit)
		}
	}
	for ; i < n; i++ {
		if load1(p, i) == c {
			return i
		}
	}
	return -1
}

// IndexByte is the index of the first c in b, or -1.
func IndexByte(b []byte, c byte) int { return indexByte(unsafe.SliceData(b), len(b), c) }

// IndexByteString is the index of the first c in s, or -1.
func IndexByteString(s string, c byte) int { return indexByte(unsafe.StringData(s), len(s), c) }

func count(p *byte, n int, c byte) int {
	return int(runtime_count_byte(p, uintptr(c), uintptr(n)))
}

// Count is how many bytes of b are c.
func Count(b []byte, c byte) int { return count(unsafe.SliceData(b), len(b), c) }

// CountString is how many bytes of s are c.
func CountString(s string, c byte) int { return count(unsafe.StringData(s), len(s), c) }

// order of two words that were read from bytes: the first byte counts most.
func order(x, y uint64) int {
	if sys.Bswap64(x) < sys.Bswap64(y) {
		return -1
	}
	return 1
}

// head4 is the first four bytes and the last four of 4 to 7, in the order of their weight:
// where the two overlap, the second counts only if the first are equal.
func head4(p *byte, n int) uint64 {
	first := *(*uint32)(unsafe.Pointer(p))
	last := *(*uint32)(unsafe.Add(unsafe.Pointer(p), n-4))
	return uint64(first) | uint64(last)<<32
}

func compare(p *byte, m int, q *byte, n int) int {
	common := min(m, n)
	switch {
	case p == q:
	case common >= 64:
		if order := runtime_mem_compare(p, q, uintptr(common)); order != 0 {
			if order < 0 {
				return -1
			}
			return 1
		}
	case common >= 8:
		for i := 0; i+8 < common; i += 8 {
			if x, y := load8(p, i), load8(q, i); x != y {
				return order(x, y)
			}
		}
		if x, y := load8(p, common-8), load8(q, common-8); x != y {
			return order(x, y)
		}
	case common >= 4:
		if x, y := head4(p, common), head4(q, common); x != y {
			return order(x, y)
		}
	default:
		for i := range common {
			if a, b := load1(p, i), load1(q, i); a != b {
				if a < b {
					return -1
				}
				return 1
			}
		}
	}
	switch {
	case m < n:
		return -1
	case m > n:
		return 1
	}
	return 0
}

// Compare orders bytes as strings are ordered.
func Compare(a, b []byte) int {
	return compare(unsafe.SliceData(a), len(a), unsafe.SliceData(b), len(b))
}

// CompareString orders strings.
func CompareString(a, b string) int {
	return compare(unsafe.StringData(a), len(a), unsafe.StringData(b), len(b))
}

//go:linkname runtime_cmpstring runtime.cmpstring
func runtime_cmpstring(a, b string) int { return CompareString(a, b) }
