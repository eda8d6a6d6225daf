package big

import "unsafe"

// The loops over vectors of words are runtime calls.

//go:linkname runtime_words_add runtime.words_add
//go:noescape
func runtime_words_add(z, x, y *Word, n uintptr) Word

//go:linkname runtime_words_sub runtime.words_sub
//go:noescape
func runtime_words_sub(z, x, y *Word, n uintptr) Word

//go:linkname runtime_words_mul runtime.words_mul
//go:noescape
func runtime_words_mul(z, x *Word, n uintptr, m, a Word) Word

//go:linkname runtime_words_add_mul runtime.words_add_mul
//go:noescape
func runtime_words_add_mul(z, x, y *Word, n uintptr, m, a Word) Word

func addVV(z, x, y []Word) (c Word) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("addVV len")
	}
	return runtime_words_add(unsafe.SliceData(z), unsafe.SliceData(x), unsafe.SliceData(y), uintptr(len(z)))
}

func subVV(z, x, y []Word) (c Word) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("subVV len")
	}
	return runtime_words_sub(unsafe.SliceData(z), unsafe.SliceData(x), unsafe.SliceData(y), uintptr(len(z)))
}

func mulAddVWW(z, x []Word, m, a Word) (c Word) {
	if len(x) != len(z) {
		panic("mulAddVWW len")
	}
	return runtime_words_mul(unsafe.SliceData(z), unsafe.SliceData(x), uintptr(len(z)), m, a)
}

func addMulVVWW(z, x, y []Word, m, a Word) (c Word) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("addMulVVWW len")
	}
	return runtime_words_add_mul(unsafe.SliceData(z), unsafe.SliceData(x), unsafe.SliceData(y), uintptr(len(z)), m, a)
}
