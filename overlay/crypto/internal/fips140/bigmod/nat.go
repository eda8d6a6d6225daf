package bigmod

import _ "unsafe" // for linkname

// The inner loop of multiplications is a runtime call.

//go:linkname runtime_words_add_mul runtime.words_add_mul
//go:noescape
func runtime_words_add_mul(z, x, y *uint, n uintptr, m, a uint) uint

func addMulVVW1024(z, x *uint, y uint) (c uint) {
	return runtime_words_add_mul(z, z, x, 1024/_W, y, 0)
}

func addMulVVW1536(z, x *uint, y uint) (c uint) {
	return runtime_words_add_mul(z, z, x, 1536/_W, y, 0)
}

func addMulVVW2048(z, x *uint, y uint) (c uint) {
	return runtime_words_add_mul(z, z, x, 2048/_W, y, 0)
}
