//! SHA-256 and SHA-512 blocks, by the `sha2` crate: with the SHA extensions or AVX2 where
//! the processor has them.

use sha2::digest::generic_array::GenericArray;
use sha2::digest::typenum::{U64, U128};

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_sha256_blocks(state: *mut [u32; 8], data: *const u8, blocks: usize) {
    // SAFETY: Go passes its state and this many blocks; a block is an array of bytes.
    let (state, data) = unsafe {
        let data = data.cast::<GenericArray<u8, U64>>();
        (&mut *state, core::slice::from_raw_parts(data, blocks))
    };
    sha2::compress256(state, data);
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_sha512_blocks(state: *mut [u64; 8], data: *const u8, blocks: usize) {
    // SAFETY: as above.
    let (state, data) = unsafe {
        let data = data.cast::<GenericArray<u8, U128>>();
        (&mut *state, core::slice::from_raw_parts(data, blocks))
    };
    sha2::compress512(state, data);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abc() {
        let mut block = [0; 128];
        block[..4].copy_from_slice(b"abc\x80");
        block[63] = 24;
        let mut state = [
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
            0x5be0cd19,
        ];
        // SAFETY: one block.
        unsafe { goxide_sha256_blocks(&mut state, block.as_ptr(), 1) };
        assert_eq!((state[0], state[7]), (0xba7816bf, 0xf20015ad));

        (block[63], block[127]) = (0, 24);
        let mut state = [
            0x6a09e667f3bcc908,
            0xbb67ae8584caa73b,
            0x3c6ef372fe94f82b,
            0xa54ff53a5f1d36f1,
            0x510e527fade682d1,
            0x9b05688c2b3e6c1f,
            0x1f83d9abfb41bd6b,
            0x5be0cd19137e2179,
        ];
        // SAFETY: one block.
        unsafe { goxide_sha512_blocks(&mut state, block.as_ptr(), 1) };
        assert_eq!(
            (state[0], state[7]),
            (0xddaf35a193617aba, 0x2a9ac94fa54ca49f)
        );
    }
}
