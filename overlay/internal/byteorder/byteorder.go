package byteorder

import (
	"internal/runtime/sys"
	"unsafe"
)

// A word at a time: gc joins the bytes' reads and writes. The index is the check of the
// length, as in the originals.

func LEUint16(b []byte) uint16 {
	_ = b[1]
	return *(*uint16)(unsafe.Pointer(unsafe.SliceData(b)))
}

func LEPutUint16(b []byte, v uint16) {
	_ = b[1]
	*(*uint16)(unsafe.Pointer(unsafe.SliceData(b))) = v
}

func LEUint32(b []byte) uint32 {
	_ = b[3]
	return *(*uint32)(unsafe.Pointer(unsafe.SliceData(b)))
}

func LEPutUint32(b []byte, v uint32) {
	_ = b[3]
	*(*uint32)(unsafe.Pointer(unsafe.SliceData(b))) = v
}

func LEUint64(b []byte) uint64 {
	_ = b[7]
	return *(*uint64)(unsafe.Pointer(unsafe.SliceData(b)))
}

func LEPutUint64(b []byte, v uint64) {
	_ = b[7]
	*(*uint64)(unsafe.Pointer(unsafe.SliceData(b))) = v
}

func BEUint16(b []byte) uint16 {
	_ = b[1]
	return swap16(*(*uint16)(unsafe.Pointer(unsafe.SliceData(b))))
}

func BEPutUint16(b []byte, v uint16) {
	_ = b[1]
	*(*uint16)(unsafe.Pointer(unsafe.SliceData(b))) = swap16(v)
}

func BEUint32(b []byte) uint32 {
	_ = b[3]
	return sys.Bswap32(*(*uint32)(unsafe.Pointer(unsafe.SliceData(b))))
}

func BEPutUint32(b []byte, v uint32) {
	_ = b[3]
	*(*uint32)(unsafe.Pointer(unsafe.SliceData(b))) = sys.Bswap32(v)
}

func BEUint64(b []byte) uint64 {
	_ = b[7]
	return sys.Bswap64(*(*uint64)(unsafe.Pointer(unsafe.SliceData(b))))
}

func BEPutUint64(b []byte, v uint64) {
	_ = b[7]
	*(*uint64)(unsafe.Pointer(unsafe.SliceData(b))) = sys.Bswap64(v)
}

func swap16(v uint16) uint16 { return v<<8 | v>>8 }
