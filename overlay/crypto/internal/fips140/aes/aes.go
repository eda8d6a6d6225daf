package aes

import (
	"crypto/internal/fips140deps/cpu"
	"unsafe"
)

// Blocks and counter mode are runtime calls where the processor has AES; the key schedule is
// the portable code's.

//go:linkname runtime_aes_encrypt runtime.aes_encrypt
//go:noescape
func runtime_aes_encrypt(keys *[60]uint32, rounds int, dst, src *byte)

//go:linkname runtime_aes_decrypt runtime.aes_decrypt
//go:noescape
func runtime_aes_decrypt(keys *[60]uint32, rounds int, dst, src *byte)

//go:linkname runtime_aes_counter runtime.aes_counter
//go:noescape
func runtime_aes_counter(keys *[60]uint32, rounds int, dst, src *byte, blocks uintptr, counter *[BlockSize]byte)

//go:linkname runtime_aes_cbc_encrypt runtime.aes_cbc_encrypt
//go:noescape
func runtime_aes_cbc_encrypt(keys *[60]uint32, rounds int, dst, src *byte, blocks uintptr, chain *[BlockSize]byte)

//go:linkname runtime_aes_cbc_decrypt runtime.aes_cbc_decrypt
//go:noescape
func runtime_aes_cbc_decrypt(keys *[60]uint32, rounds int, dst, src *byte, blocks uintptr, chain *[BlockSize]byte)

const (
	// wrap32 in the number of blocks: only the counter's last 32 bits count.
	wrap32 = 1 << 63
	// callBlocks is how much one call gets: nothing preempts it.
	callBlocks = 1 << 13
)

func encryptBlock(c *Block, dst, src []byte) {
	if !HasInstructions() {
		encryptBlockGeneric(&c.blockExpanded, dst, src)
		return
	}
	to, from := (*[BlockSize]byte)(dst), (*[BlockSize]byte)(src)
	runtime_aes_encrypt(&c.enc, c.rounds, &to[0], &from[0])
}

func decryptBlock(c *Block, dst, src []byte) {
	if !HasInstructions() {
		decryptBlockGeneric(&c.blockExpanded, dst, src)
		return
	}
	to, from := (*[BlockSize]byte)(dst), (*[BlockSize]byte)(src)
	runtime_aes_decrypt(&c.dec, c.rounds, &to[0], &from[0])
}

// HasInstructions tells that blocks and GHASH are runtime calls.
func HasInstructions() bool {
	return cpu.X86HasAES && cpu.X86HasPCLMULQDQ && cpu.X86HasSSSE3
}

// counterBytes is a counter as it is encrypted.
func counterBytes(low, high uint64) (c [BlockSize]byte) {
	for i := range 8 {
		c[i] = byte(high >> (56 - 8*i))
		c[8+i] = byte(low >> (56 - 8*i))
	}
	return c
}

func countBlocks(b *Block, dst, src []byte, low, high uint64) {
	if !HasInstructions() {
		ctrBlocks(b, dst, src, low, high)
		return
	}
	counter := counterBytes(low, high)
	blocks := uintptr(len(src) / BlockSize)
	runtime_aes_counter(&b.enc, b.rounds, unsafe.SliceData(dst), unsafe.SliceData(src), blocks, &counter)
}

func ctrBlocks1(b *Block, dst, src *[BlockSize]byte, ivlo, ivhi uint64) {
	countBlocks(b, dst[:], src[:], ivlo, ivhi)
}

func ctrBlocks2(b *Block, dst, src *[2 * BlockSize]byte, ivlo, ivhi uint64) {
	countBlocks(b, dst[:], src[:], ivlo, ivhi)
}

func ctrBlocks4(b *Block, dst, src *[4 * BlockSize]byte, ivlo, ivhi uint64) {
	countBlocks(b, dst[:], src[:], ivlo, ivhi)
}

func ctrBlocks8(b *Block, dst, src *[8 * BlockSize]byte, ivlo, ivhi uint64) {
	countBlocks(b, dst[:], src[:], ivlo, ivhi)
}

// CryptCounter32 adds the encryption of a counter, of which the last 32 bits count, to the
// whole blocks of src. The processor has the instructions.
func CryptCounter32(b *Block, dst, src []byte, counter *[BlockSize]byte) {
	for blocks := len(src) / BlockSize; blocks > 0; {
		n := min(blocks, callBlocks)
		to, from := unsafe.SliceData(dst[:n*BlockSize]), unsafe.SliceData(src)
		runtime_aes_counter(&b.enc, b.rounds, to, from, uintptr(n)|wrap32, counter)
		dst, src = dst[n*BlockSize:], src[n*BlockSize:]
		blocks -= n
	}
}

func cryptBlocksEnc(b *Block, civ *[BlockSize]byte, dst, src []byte) {
	if !HasInstructions() {
		cryptBlocksEncGeneric(b, civ, dst, src)
		return
	}
	for blocks := len(src) / BlockSize; blocks > 0; {
		n := min(blocks, callBlocks)
		to, from := unsafe.SliceData(dst[:n*BlockSize]), unsafe.SliceData(src)
		runtime_aes_cbc_encrypt(&b.enc, b.rounds, to, from, uintptr(n), civ)
		dst, src = dst[n*BlockSize:], src[n*BlockSize:]
		blocks -= n
	}
}

func cryptBlocksDec(b *Block, civ *[BlockSize]byte, dst, src []byte) {
	if !HasInstructions() {
		cryptBlocksDecGeneric(b, civ, dst, src)
		return
	}
	for blocks := len(src) / BlockSize; blocks > 0; {
		n := min(blocks, callBlocks)
		to, from := unsafe.SliceData(dst[:n*BlockSize]), unsafe.SliceData(src)
		runtime_aes_cbc_decrypt(&b.dec, b.rounds, to, from, uintptr(n), civ)
		dst, src = dst[n*BlockSize:], src[n*BlockSize:]
		blocks -= n
	}
}
