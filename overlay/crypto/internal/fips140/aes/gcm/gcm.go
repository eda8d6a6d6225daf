package gcm

import (
	"crypto/internal/fips140/aes"
	"crypto/internal/fips140/subtle"
	"unsafe"
)

// Counter mode and GHASH are runtime calls where the processor has the instructions.

//go:linkname runtime_ghash runtime.ghash
//go:noescape
func runtime_ghash(state, key *[gcmBlockSize]byte, p *byte, blocks uintptr)

// ghashCallBlocks is how many blocks one call gets: nothing preempts it.
const ghashCallBlocks = 1 << 13

func hashBlocks(state, key *[gcmBlockSize]byte, p []byte) {
	for len(p) > 0 {
		n := min(len(p)/gcmBlockSize, ghashCallBlocks)
		runtime_ghash(state, key, unsafe.SliceData(p), uintptr(n))
		p = p[n*gcmBlockSize:]
	}
}

// fastGHASH is the hash of the inputs, each filled up with zeroes to whole blocks.
func fastGHASH(out, key *[gcmBlockSize]byte, inputs ...[]byte) {
	clear(out[:])
	for _, input := range inputs {
		whole := len(input) &^ (gcmBlockSize - 1)
		hashBlocks(out, key, input[:whole])
		if whole < len(input) {
			var last [gcmBlockSize]byte
			copy(last[:], input[whole:])
			hashBlocks(out, key, last[:])
		}
	}
}

// masks are what a message needs besides its counter: the key of the hash and the mask of
// the tag.
func masks(g *GCM, nonce []byte) (key, counter, tagMask [gcmBlockSize]byte) {
	aes.EncryptBlockInternal(&g.cipher, key[:], key[:])
	if len(nonce) == gcmStandardNonceSize {
		copy(counter[:], nonce)
		counter[gcmBlockSize-1] = 1
	} else {
		bits := lengths(0, len(nonce))
		fastGHASH(&counter, &key, nonce, bits[:])
	}
	aes.CryptCounter32(&g.cipher, tagMask[:], tagMask[:], &counter)
	return key, counter, tagMask
}

// lengths is the last block that is hashed: two lengths in bits.
func lengths(first, second int) (block [gcmBlockSize]byte) {
	for i := range 8 {
		block[i] = byte(uint64(first) * 8 >> (56 - 8*i))
		block[8+i] = byte(uint64(second) * 8 >> (56 - 8*i))
	}
	return block
}

func cryptText(g *GCM, out, src []byte, counter *[gcmBlockSize]byte) {
	whole := len(src) &^ (gcmBlockSize - 1)
	aes.CryptCounter32(&g.cipher, out, src[:whole], counter)
	if whole < len(src) {
		var last [gcmBlockSize]byte
		copy(last[:], src[whole:])
		aes.CryptCounter32(&g.cipher, last[:], last[:], counter)
		copy(out[whole:len(src)], last[:])
	}
}

func tagOf(key, tagMask *[gcmBlockSize]byte, ciphertext, data []byte) (tag [gcmTagSize]byte) {
	bits := lengths(len(data), len(ciphertext))
	fastGHASH(&tag, key, data, ciphertext, bits[:])
	subtle.XORBytes(tag[:], tag[:], tagMask[:])
	return tag
}

func seal(out []byte, g *GCM, nonce, plaintext, data []byte) {
	if !aes.HasInstructions() {
		sealGeneric(out, g, nonce, plaintext, data)
		return
	}
	key, counter, tagMask := masks(g, nonce)
	cryptText(g, out, plaintext, &counter)
	tag := tagOf(&key, &tagMask, out[:len(plaintext)], data)
	copy(out[len(plaintext):], tag[:])
}

func open(out []byte, g *GCM, nonce, ciphertext, data []byte) error {
	if !aes.HasInstructions() {
		return openGeneric(out, g, nonce, ciphertext, data)
	}
	key, counter, tagMask := masks(g, nonce)
	text := len(ciphertext) - g.tagSize
	tag := ciphertext[text:]
	expected := tagOf(&key, &tagMask, ciphertext[:text], data)
	if subtle.ConstantTimeCompare(expected[:g.tagSize], tag) != 1 {
		return errOpen
	}
	cryptText(g, out, ciphertext[:text], &counter)
	return nil
}
