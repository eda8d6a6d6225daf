package utf8

import "unsafe"

// word is the first eight bytes in one read: gc joins those of the original. Both a string
// and a slice begin with the address of their bytes.
func word[T string | []byte](s T) uintptr {
	_ = s[ptrSize-1]
	return **(**uintptr)(unsafe.Pointer(&s))
}
