//! `runtime.aes_hash`: the hash of map keys, by rounds of AES.
//!
//! A round of AES spreads each byte over a column, two rounds over the whole block, and takes
//! a few cycles. Data is added to a seed in up to four lanes of 16 bytes, three rounds mix
//! each lane, and the lanes are added up. The seed is the map's and the length, under a key
//! that is random in each process; the round keys are secret as well, so that nobody outside
//! can choose keys of a map that collide.

use core::arch::naked_asm;

/// (ptr, seed, bytes, `*[4][16]byte` keys) -> hash. Ranges are read from both ends, with
/// reads that may overlap: the length, which is in the seed, tells such ranges apart.
///
/// xmm0, xmm5, xmm6, xmm7: the lanes' seeds and round keys; xmm1 to xmm4: the lanes.
///
/// # Safety
/// Called by Go code only, with a readable range, on a processor that has AES.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.aes_hash")]
pub unsafe extern "C" fn go_aes_hash() {
    naked_asm!(
        "movq xmm0, rsi",
        "movq xmm1, rdx",
        "punpcklqdq xmm0, xmm1",
        "movdqu xmm5, [rcx]",
        "pxor xmm0, xmm5",
        "aesenc xmm0, xmm5",
        "cmp rdx, 16",
        "ja 5f",
        "cmp edx, 8",
        "jb 2f",
        "movq xmm1, qword ptr [rdi]",
        "movhps xmm1, qword ptr [rdi + rdx - 8]",
        "jmp 4f",
        "2:",
        "cmp edx, 4",
        "jb 3f",
        "movd xmm1, dword ptr [rdi]",
        "movd xmm2, dword ptr [rdi + rdx - 4]",
        "punpckldq xmm1, xmm2",
        "jmp 4f",
        "3:",
        "pxor xmm1, xmm1",
        "test edx, edx",
        "jz 4f",
        // First, middle and last of 1 to 3.
        "movzx eax, byte ptr [rdi + rdx - 1]",
        "shl eax, 8",
        "shr edx, 1",
        "mov al, [rdi + rdx]",
        "shl eax, 8",
        "mov al, [rdi]",
        "movd xmm1, eax",
        "4:",
        "pxor xmm1, xmm0",
        "aesenc xmm1, xmm5",
        "aesenc xmm1, xmm0",
        "aesenc xmm1, xmm5",
        "movq rax, xmm1",
        "ret",
        "5:",
        "movdqu xmm5, [rcx + 16]",
        "pxor xmm5, xmm0",
        "aesenc xmm5, xmm0",
        "cmp rdx, 32",
        "ja 6f",
        "movdqu xmm1, [rdi]",
        "movdqu xmm2, [rdi + rdx - 16]",
        "pxor xmm1, xmm0",
        "pxor xmm2, xmm5",
        "aesenc xmm1, xmm5",
        "aesenc xmm2, xmm0",
        "aesenc xmm1, xmm0",
        "aesenc xmm2, xmm5",
        "aesenc xmm1, xmm5",
        "aesenc xmm2, xmm0",
        "pxor xmm1, xmm2",
        "movq rax, xmm1",
        "ret",
        "6:",
        "movdqu xmm6, [rcx + 32]",
        "movdqu xmm7, [rcx + 48]",
        "pxor xmm6, xmm0",
        "pxor xmm7, xmm0",
        "aesenc xmm6, xmm0",
        "aesenc xmm7, xmm0",
        "cmp rdx, 64",
        "ja 7f",
        "movdqu xmm1, [rdi]",
        "movdqu xmm2, [rdi + 16]",
        "movdqu xmm3, [rdi + rdx - 32]",
        "movdqu xmm4, [rdi + rdx - 16]",
        "pxor xmm1, xmm0",
        "pxor xmm2, xmm5",
        "pxor xmm3, xmm6",
        "pxor xmm4, xmm7",
        "jmp 9f",
        // The last 64 bytes, then all blocks of 64 before them, the first one first.
        "7:",
        "movdqu xmm1, [rdi + rdx - 64]",
        "movdqu xmm2, [rdi + rdx - 48]",
        "movdqu xmm3, [rdi + rdx - 32]",
        "movdqu xmm4, [rdi + rdx - 16]",
        "pxor xmm1, xmm0",
        "pxor xmm2, xmm5",
        "pxor xmm3, xmm6",
        "pxor xmm4, xmm7",
        "dec rdx",
        "8:",
        "movdqu xmm8, [rdi]",
        "movdqu xmm9, [rdi + 16]",
        "movdqu xmm10, [rdi + 32]",
        "movdqu xmm11, [rdi + 48]",
        "aesenc xmm1, xmm8",
        "aesenc xmm2, xmm9",
        "aesenc xmm3, xmm10",
        "aesenc xmm4, xmm11",
        "aesenc xmm1, xmm0",
        "aesenc xmm2, xmm5",
        "aesenc xmm3, xmm6",
        "aesenc xmm4, xmm7",
        "add rdi, 64",
        "sub rdx, 64",
        "cmp rdx, 64",
        "jae 8b",
        "9:",
        "aesenc xmm1, xmm5",
        "aesenc xmm2, xmm6",
        "aesenc xmm3, xmm7",
        "aesenc xmm4, xmm0",
        "aesenc xmm1, xmm0",
        "aesenc xmm2, xmm5",
        "aesenc xmm3, xmm6",
        "aesenc xmm4, xmm7",
        "aesenc xmm1, xmm5",
        "aesenc xmm2, xmm6",
        "aesenc xmm3, xmm7",
        "aesenc xmm4, xmm0",
        "pxor xmm1, xmm2",
        "pxor xmm3, xmm4",
        "pxor xmm1, xmm3",
        "movq rax, xmm1",
        "ret",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    type Hash = extern "C" fn(*const u8, usize, usize, *const u8) -> usize;

    fn hash(text: &[u8], seed: usize) -> usize {
        static KEYS: [u8; 64] =
            *b"Sixty-four bytes that stand for random ones, as good as others!!";
        // SAFETY: parameters and result are in System V's registers; no other is touched
        // that a caller would miss.
        let f: Hash = unsafe { core::mem::transmute(go_aes_hash as unsafe extern "C" fn()) };
        f(text.as_ptr(), seed, text.len(), KEYS.as_ptr())
    }

    #[test]
    fn every_byte_and_the_length_and_the_seed_count() {
        if !std::arch::is_x86_feature_detected!("aes") {
            return;
        }
        for n in (0..150).chain([191, 192, 193, 1000]) {
            let mut text = vec![0u8; n];
            let mut seen = HashSet::from([hash(&text, 1), hash(&text, 2)]);
            assert_eq!(hash(&text, 1), hash(&text.clone(), 1));
            assert!(seen.insert(hash(&vec![0; n + 1], 1)));
            for at in 0..n {
                for bit in [1, 0x80] {
                    text[at] ^= bit;
                    assert!(seen.insert(hash(&text, 1)), "{n} {at}");
                    text[at] ^= bit;
                }
            }
        }
    }

    #[test]
    fn low_bits_and_high_bits_are_spread() {
        if !std::arch::is_x86_feature_detected!("aes") {
            return;
        }
        for shift in [0, 7, 32, 56] {
            let mut counts = [0; 128];
            for i in 0..12_800u32 {
                let h = hash(format!("key-{i}").as_bytes(), 7);
                counts[h >> shift & 127] += 1;
            }
            assert!(counts.iter().all(|c| (50..160).contains(c)), "{counts:?}");
        }
    }
}
