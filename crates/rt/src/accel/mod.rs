//! Checksums and hashes of the standard library by the processor's own instructions, for
//! which gc has assembly. Where the processor lacks them, checksums and SHA-2 go another way
//! here, the others in Go code.
//!
//! Go code calls with pieces of bounded size: nothing preempts a runtime call.

mod aes;
mod crc32;
mod sha1;
mod sha2;
