//! Checksums and hashes of the standard library by the processor's own instructions, for
//! which gc has assembly. Where the processor lacks them, checksums and SHA-2 go another way
//! here, the others in Go code.
//!
//! Go code calls with pieces of bounded size: nothing preempts a runtime call.

mod aes;
mod crc32;
mod sha1;
mod sha2;

/// The runtime calls that lead here. They hold no locks and own nothing, so that a fault of the
/// memory they are given can end them at any instruction.
pub const ROUTINES: [&str; 11] = [
    "sha256_blocks",
    "sha512_blocks",
    "aes_encrypt",
    "aes_decrypt",
    "aes_counter",
    "aes_cbc_encrypt",
    "aes_cbc_decrypt",
    "sha1_blocks",
    "ghash",
    "crc32_ieee",
    "crc32_castagnoli",
];

#[cfg(test)]
mod tests {
    #[test]
    fn routines_are_runtime_calls() {
        for name in super::ROUTINES {
            assert!(goxide_abi::runtime_call_index(name).is_some(), "{name}");
        }
    }
}
