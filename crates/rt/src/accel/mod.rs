//! Checksums and hashes of the standard library by the processor's own instructions, for
//! which gc has assembly. Where the processor lacks them, checksums and SHA go another way
//! here, AES in Go code.
//!
//! Go code calls with pieces of bounded size: nothing preempts a runtime call.

mod aes;
mod crc32;
mod sha2;
