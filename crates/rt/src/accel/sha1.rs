//! SHA-1 blocks by the processor's SHA extensions. Go code calls this only where `cpuid`
//! shows them.

use core::arch::x86_64::*;

type Block = [u8; 64];

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_sha1_blocks(state: *mut [u32; 5], data: *const Block, blocks: usize) {
    // SAFETY: Go passes its state and this many blocks, and has seen that the processor has
    // the instructions.
    unsafe { compress(&mut *state, core::slice::from_raw_parts(data, blocks)) }
}

/// The state of a block: four words, and the fifth as the instructions want it.
#[derive(Clone, Copy)]
struct State {
    abcd: __m128i,
    /// What the fifth word comes from: `abcd` four rounds ago.
    before: __m128i,
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn compress(state: &mut [u32; 5], data: &[Block]) {
    // SAFETY: four words are 16 bytes.
    let low = unsafe { _mm_loadu_si128(state.as_ptr().cast()) };
    let mut abcd = _mm_shuffle_epi32(low, 0x1b);
    let mut e = _mm_set_epi32(state[4] as i32, 0, 0, 0);
    for block in data {
        let words = schedule(block);
        let first = State {
            abcd: round::<0>(abcd, _mm_add_epi32(e, words[0])),
            before: abcd,
        };
        let mut now = first;
        for w in &words[1..5] {
            now = rounds::<0>(now, *w);
        }
        for w in &words[5..10] {
            now = rounds::<1>(now, *w);
        }
        for w in &words[10..15] {
            now = rounds::<2>(now, *w);
        }
        for w in &words[15..20] {
            now = rounds::<3>(now, *w);
        }
        e = _mm_sha1nexte_epu32(now.before, e);
        abcd = _mm_add_epi32(now.abcd, abcd);
    }
    let low = _mm_shuffle_epi32(abcd, 0x1b);
    // SAFETY: as above.
    unsafe { _mm_storeu_si128(state.as_mut_ptr().cast(), low) };
    state[4] = _mm_extract_epi32(e, 3) as u32;
}

/// The 80 words of a block's schedule, four in each vector.
#[target_feature(enable = "sha,sse2,ssse3")]
fn schedule(block: &Block) -> [__m128i; 20] {
    let swap = _mm_set_epi64x(0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f);
    let mut words = [_mm_setzero_si128(); 20];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<16>().0) {
        // SAFETY: 16 bytes, at any address.
        let raw = unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) };
        *word = _mm_shuffle_epi8(raw, swap);
    }
    for i in 4..20 {
        let sum = _mm_xor_si128(_mm_sha1msg1_epu32(words[i - 4], words[i - 3]), words[i - 2]);
        words[i] = _mm_sha1msg2_epu32(sum, words[i - 1]);
    }
    words
}

#[target_feature(enable = "sha")]
fn round<const F: i32>(abcd: __m128i, e: __m128i) -> __m128i {
    _mm_sha1rnds4_epu32::<F>(abcd, e)
}

/// Four rounds.
#[target_feature(enable = "sha")]
fn rounds<const F: i32>(now: State, words: __m128i) -> State {
    State {
        abcd: round::<F>(now.abcd, _mm_sha1nexte_epu32(now.before, words)),
        before: now.abcd,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abc_and_a_second_block() {
        if !is_x86_feature_detected!("sha") {
            return;
        }
        let mut block = [0; 64];
        block[..4].copy_from_slice(b"abc\x80");
        block[63] = 24;
        let start = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
        let mut state = start;
        // SAFETY: one block.
        unsafe { goxide_sha1_blocks(&mut state, &block, 1) };
        let abc = [0xa9993e36, 0x4706816a, 0xba3e2571, 0x7850c26c, 0x9cd0d89d];
        assert_eq!(state, abc);
        // Two blocks at once are the two one after the other.
        let (mut both, two) = (start, [block, block]);
        // SAFETY: two blocks, and one.
        unsafe {
            goxide_sha1_blocks(&mut both, two.as_ptr(), 2);
            goxide_sha1_blocks(&mut state, &block, 1);
        }
        assert_eq!(both, state);
    }
}
