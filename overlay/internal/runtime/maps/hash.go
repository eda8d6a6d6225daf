package maps

// Hashing without gc's AES assembly. The fast map operations look at the constant, growth
// and reflect use the functions: both then hash by the portable algorithm.
//
//goxide:skip memhash_aes.go memhash_aes_asm.go memhash_align_check.go
//goxide:take memhash_noaes.go

// AlgInit seeds the hash functions. It runs before any package is initialised.
func AlgInit() {
	for i := range hashkey {
		hashkey[i] = uintptr(bootstrapRand())
	}
}
