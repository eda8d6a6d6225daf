package sig

// Markers in the code for tools that look through binaries made by gc.

// BoringCrypto does nothing.
func BoringCrypto() {}

// FIPSOnly does nothing.
func FIPSOnly() {}

// StandardCrypto does nothing.
func StandardCrypto() {}
