//! AES blocks, counter mode and GHASH, by the processor's AES and carry-less multiplication.
//! Go code calls these only where `cpuid` shows both.
//!
//! Round keys come as Go's portable key schedule makes them: words whose highest byte is the
//! first. Those for decryption are of the equivalent inverse cipher (FIPS 197, 5.3.5), which
//! is what the processor's instruction wants.

use core::arch::x86_64::*;

/// Words of the longest key schedule.
type Schedule = [u32; 60];
type Block = [u8; 16];

/// How many blocks go side by side.
const LANES: usize = 8;

/// In the number of blocks of [`goxide_aes_counter`]: only the counter's last 32 bits count,
/// as GCM has it.
const WRAP_32: usize = 1 << 63;

/// Round keys in the processor's order.
struct Keys {
    keys: [__m128i; 15],
    rounds: usize,
}

#[target_feature(enable = "sse2")]
fn load(block: &Block) -> __m128i {
    // SAFETY: 16 bytes, at any address.
    unsafe { _mm_loadu_si128(block.as_ptr().cast()) }
}

#[target_feature(enable = "sse2")]
fn store(block: &mut Block, value: __m128i) {
    // SAFETY: as above.
    unsafe { _mm_storeu_si128(block.as_mut_ptr().cast(), value) }
}

impl Keys {
    #[target_feature(enable = "ssse3")]
    fn new(words: &Schedule, rounds: usize) -> Keys {
        let swap = _mm_set_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203);
        let mut keys = [_mm_setzero_si128(); 15];
        for (key, words) in keys
            .iter_mut()
            .zip(words.as_chunks::<4>().0)
            .take(rounds + 1)
        {
            // SAFETY: four words are 16 bytes.
            let raw = unsafe { _mm_loadu_si128(words.as_ptr().cast()) };
            *key = _mm_shuffle_epi8(raw, swap);
        }
        Keys { keys, rounds }
    }

    #[target_feature(enable = "aes,sse2")]
    fn encrypt<const N: usize>(&self, mut blocks: [__m128i; N]) -> [__m128i; N] {
        blocks = blocks.map(|b| _mm_xor_si128(b, self.keys[0]));
        for key in &self.keys[1..self.rounds] {
            blocks = blocks.map(|b| _mm_aesenc_si128(b, *key));
        }
        blocks.map(|b| _mm_aesenclast_si128(b, self.keys[self.rounds]))
    }

    #[target_feature(enable = "aes,sse2")]
    fn decrypt(&self, block: __m128i) -> __m128i {
        let mut block = _mm_xor_si128(block, self.keys[0]);
        for key in &self.keys[1..self.rounds] {
            block = _mm_aesdec_si128(block, *key);
        }
        _mm_aesdeclast_si128(block, self.keys[self.rounds])
    }
}

/// One block, which may be read and written in place.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_aes_encrypt(
    words: *const Schedule,
    rounds: usize,
    to: *mut Block,
    from: *const Block,
) {
    // SAFETY: Go passes its schedule and blocks, and has seen that the processor has AES.
    unsafe {
        let keys = Keys::new(&*words, rounds);
        let [out] = keys.encrypt([load(&*from)]);
        store(&mut *to, out);
    }
}

/// As [`goxide_aes_encrypt`], with a schedule for decryption.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_aes_decrypt(
    words: *const Schedule,
    rounds: usize,
    to: *mut Block,
    from: *const Block,
) {
    // SAFETY: as above.
    unsafe {
        let keys = Keys::new(&*words, rounds);
        store(&mut *to, keys.decrypt(load(&*from)));
    }
}

/// Cipher block chaining; `to` may be `from`.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_aes_cbc_encrypt(
    words: *const Schedule,
    rounds: usize,
    to: *mut Block,
    from: *const Block,
    blocks: usize,
    chain: *mut Block,
) {
    // SAFETY: as above; so many blocks.
    unsafe {
        let keys = Keys::new(&*words, rounds);
        let mut last = load(&*chain);
        for i in 0..blocks {
            [last] = keys.encrypt([_mm_xor_si128(last, load(&*from.add(i)))]);
            store(&mut *to.add(i), last);
        }
        store(&mut *chain, last);
    }
}

/// The same backwards.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_aes_cbc_decrypt(
    words: *const Schedule,
    rounds: usize,
    to: *mut Block,
    from: *const Block,
    blocks: usize,
    chain: *mut Block,
) {
    // SAFETY: as above; so many blocks.
    unsafe {
        let keys = Keys::new(&*words, rounds);
        let mut last = load(&*chain);
        for i in 0..blocks {
            let text = load(&*from.add(i));
            store(&mut *to.add(i), _mm_xor_si128(keys.decrypt(text), last));
            last = text;
        }
        store(&mut *chain, last);
    }
}

/// Adds the encryption of a counter, which counts on, to each block. `to` may be `from`.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_aes_counter(
    words: *const Schedule,
    rounds: usize,
    to: *mut Block,
    from: *const Block,
    blocks: usize,
    counter: *mut Block,
) {
    // SAFETY: as above; so many blocks.
    unsafe { count_through(&Keys::new(&*words, rounds), to, from, blocks, &mut *counter) }
}

#[target_feature(enable = "aes,ssse3")]
unsafe fn count_through(
    keys: &Keys,
    to: *mut Block,
    from: *const Block,
    blocks: usize,
    counter: &mut Block,
) {
    let (wraps, blocks) = (blocks & WRAP_32 != 0, blocks & !WRAP_32);
    let mut next = u128::from_be_bytes(*counter);
    let mut take = || {
        let block = next.to_be_bytes();
        next = match wraps {
            true => next & !0xffff_ffff | (next as u32).wrapping_add(1) as u128,
            false => next.wrapping_add(1),
        };
        block
    };
    let mut done = 0;
    while done < blocks {
        let lanes = (blocks - done).min(LANES);
        let mut stream = [_mm_setzero_si128(); LANES];
        for lane in stream.iter_mut().take(lanes) {
            *lane = load(&take());
        }
        let stream = match lanes {
            1 => {
                let [one] = keys.encrypt([stream[0]]);
                let mut stream = stream;
                stream[0] = one;
                stream
            }
            _ => keys.encrypt(stream),
        };
        for (lane, mask) in stream.iter().enumerate().take(lanes) {
            // SAFETY: promised by the caller; a block is read before it is written.
            unsafe {
                let text = load(&*from.add(done + lane));
                store(&mut *to.add(done + lane), _mm_xor_si128(text, *mask));
            }
        }
        done += lanes;
    }
    *counter = next.to_be_bytes();
}

/// GHASH (NIST SP 800-38D, 6.4): the state after so many blocks.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_ghash(
    state: *mut Block,
    key: *const Block,
    data: *const Block,
    blocks: usize,
) {
    // SAFETY: Go passes blocks, and has seen that the processor has the instructions.
    unsafe {
        let data = core::slice::from_raw_parts(data, blocks);
        ghash(&mut *state, &*key, data);
    }
}

#[target_feature(enable = "pclmulqdq,ssse3")]
fn ghash(state: &mut Block, key: &Block, data: &[Block]) {
    let h = reverse(load(key));
    let mut y = reverse(load(state));
    // Four blocks with the powers of the key: one reduction for all.
    let (fours, rest) = data.as_chunks::<4>();
    if !fours.is_empty() {
        let h2 = reduce(multiply(h, h));
        let h3 = reduce(multiply(h2, h));
        let h4 = reduce(multiply(h3, h));
        for four in fours {
            let first = multiply(_mm_xor_si128(y, reverse(load(&four[0]))), h4);
            let parts = [
                multiply(reverse(load(&four[1])), h3),
                multiply(reverse(load(&four[2])), h2),
                multiply(reverse(load(&four[3])), h),
            ];
            let sum = parts.iter().fold(first, |sum, part| {
                (_mm_xor_si128(sum.0, part.0), _mm_xor_si128(sum.1, part.1))
            });
            y = reduce(sum);
        }
    }
    for block in rest {
        y = reduce(multiply(_mm_xor_si128(y, reverse(load(block))), h));
    }
    store(state, reverse(y));
}

/// Bytes in the opposite order.
#[target_feature(enable = "ssse3")]
fn reverse(x: __m128i) -> __m128i {
    let order = _mm_set_epi32(0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f);
    _mm_shuffle_epi8(x, order)
}

/// The product of two polynomials: low and high half.
#[target_feature(enable = "pclmulqdq,sse2")]
fn multiply(a: __m128i, b: __m128i) -> (__m128i, __m128i) {
    let low = _mm_clmulepi64_si128(a, b, 0x00);
    let high = _mm_clmulepi64_si128(a, b, 0x11);
    let middle = _mm_xor_si128(
        _mm_clmulepi64_si128(a, b, 0x10),
        _mm_clmulepi64_si128(a, b, 0x01),
    );
    (
        _mm_xor_si128(low, _mm_slli_si128(middle, 8)),
        _mm_xor_si128(high, _mm_srli_si128(middle, 8)),
    )
}

/// The product modulo x¹²⁸ + x⁷ + x² + x + 1. Bits are reflected, so the product is one bit
/// low; then the low half is moved up by the polynomial's terms, in 64-bit halves.
#[target_feature(enable = "sse2")]
fn reduce((low, high): (__m128i, __m128i)) -> __m128i {
    // SAFETY: all bit patterns are values of both types.
    let (low, high): (u128, u128) = unsafe {
        (
            core::mem::transmute::<__m128i, u128>(low),
            core::mem::transmute::<__m128i, u128>(high),
        )
    };
    let high = high << 1 | low >> 127;
    let low = low << 1;
    let folded = low ^ low << 126 ^ low << 121 ^ low << 127;
    let result = high ^ folded ^ folded >> 1 ^ folded >> 2 ^ folded >> 7;
    // SAFETY: as above.
    unsafe { core::mem::transmute::<u128, __m128i>(result) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> bool {
        is_x86_feature_detected!("aes") && is_x86_feature_detected!("pclmulqdq")
    }

    /// The schedule of a 128-bit key, by the processor's own expansion being absent: FIPS 197,
    /// appendix A.1.
    const WORDS: [u32; 44] = [
        0x2b7e1516, 0x28aed2a6, 0xabf71588, 0x09cf4f3c, 0xa0fafe17, 0x88542cb1, 0x23a33939,
        0x2a6c7605, 0xf2c295f2, 0x7a96b943, 0x5935807a, 0x7359f67f, 0x3d80477d, 0x4716fe3e,
        0x1e237e44, 0x6d7a883b, 0xef44a541, 0xa8525b7f, 0xb671253b, 0xdb0bad00, 0xd4d1c6f8,
        0x7c839d87, 0xcaf2b8bc, 0x11f915bc, 0x6d88a37a, 0x110b3efd, 0xdbf98641, 0xca0093fd,
        0x4e54f70e, 0x5f5fc9f3, 0x84a64fb2, 0x4ea6dc4f, 0xead27321, 0xb58dbad2, 0x312bf560,
        0x7f8d292f, 0xac7766f3, 0x19fadc21, 0x28d12941, 0x575c006e, 0xd014f9a8, 0xc9ee2589,
        0xe13f0cc8, 0xb6630ca6,
    ];

    fn schedule() -> Schedule {
        let mut words = [0; 60];
        words[..44].copy_from_slice(&WORDS);
        words
    }

    /// FIPS 197, appendix B.
    #[test]
    fn a_block() {
        if !ready() {
            return;
        }
        let from = 0x3243f6a8_885a308d_313198a2_e0370734u128.to_be_bytes();
        let mut to = [0; 16];
        // SAFETY: a schedule and blocks.
        unsafe { goxide_aes_encrypt(&schedule(), 10, &mut to, &from) };
        assert_eq!(
            u128::from_be_bytes(to),
            0x3925841d_02dc09fb_dc118597_196a0b32
        );
    }

    #[test]
    fn counters_count() {
        if !ready() {
            return;
        }
        for (blocks, wrap, after) in [
            (1, 0, 0x1_0000_0000u128),
            (20, 0, 0x1_0000_0013),
            (20, WRAP_32, 0x13),
        ] {
            let mut counter = 0xffff_ffffu128.to_be_bytes();
            let zero = vec![[0u8; 16]; blocks];
            let mut stream = vec![[0u8; 16]; blocks];
            // SAFETY: so many blocks.
            unsafe {
                goxide_aes_counter(
                    &schedule(),
                    10,
                    stream.as_mut_ptr(),
                    zero.as_ptr(),
                    blocks | wrap,
                    &mut counter,
                );
            }
            assert_eq!(u128::from_be_bytes(counter), after);
            let mut last = [0; 16];
            let before = (after - 1).to_be_bytes();
            // SAFETY: a schedule and blocks.
            unsafe { goxide_aes_encrypt(&schedule(), 10, &mut last, &before) };
            if blocks > 1 {
                assert_eq!(stream[blocks - 1], last);
            }
        }
    }

    /// Test case 2 of the GCM specification: GHASH(H, {}, C).
    #[test]
    fn ghash_of_the_specification() {
        if !ready() {
            return;
        }
        let key = 0x66e94bd4_ef8a2c3b_884cfa59_ca342b2eu128.to_be_bytes();
        let data = [
            0x0388dace_60b6a392_f328c2b9_71b2fe78u128.to_be_bytes(),
            0x80u128.to_be_bytes(),
        ];
        let mut state = [0; 16];
        ghash_of(&mut state, &key, &data);
        assert_eq!(
            u128::from_be_bytes(state),
            0xf38cbb1a_d69223dc_c3457ae5_b6b0f885
        );
    }

    #[test]
    fn ghash_of_many_blocks_is_that_of_one_after_another() {
        if !ready() {
            return;
        }
        let key = 0x66e94bd4_ef8a2c3b_884cfa59_ca342b2eu128.to_be_bytes();
        let data: Vec<Block> = (0..11u8).map(|i| [i.wrapping_mul(37); 16]).collect();
        let (mut whole, mut single) = ([1; 16], [1; 16]);
        ghash_of(&mut whole, &key, &data);
        for block in &data {
            ghash_of(&mut single, &key, &[*block]);
        }
        assert_eq!(whole, single);
    }

    fn ghash_of(state: &mut Block, key: &Block, data: &[Block]) {
        // SAFETY: the blocks are there, and `ready` has been asked.
        unsafe { goxide_ghash(state, key, data.as_ptr(), data.len()) }
    }
}
