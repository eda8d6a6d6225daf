package maps

import (
	"internal/cpu"
	"unsafe"
)

// Hashing. Strings and memory are hashed by rounds of AES in a runtime call if the
// processor has them. Integers always go by the portable multiplications: those are inlined,
// and faster than a call. The fast map operations and the functions that growth and reflect
// use come to the same here.
//
//goxide:skip memhash_aes_asm.go memhash_aes_simd.go memhash_align_check.go

const memHashUsesVAES = false

//go:linkname runtime_aes_hash runtime.aes_hash
//go:noescape
func runtime_aes_hash(p unsafe.Pointer, h, s uintptr, keys *[hashRandomBytes]byte) uintptr

func memHashAES(p unsafe.Pointer, h, s uintptr) uintptr {
	return runtime_aes_hash(p, h, s, &aeskeysched)
}

func memHash32AES(k uint32, h uintptr) uintptr { return memHash32Fallback(k, h) }
func memHash64AES(k uint64, h uintptr) uintptr { return memHash64Fallback(k, h) }

// AlgInit seeds the hash functions. It runs before any package is initialised.
func AlgInit() {
	for i := range hashkey {
		hashkey[i] = uintptr(bootstrapRand())
	}
	if cpu.X86.HasAES {
		initAlgAES()
	}
}
