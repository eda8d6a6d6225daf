//! Leaf routines on ranges of bytes that are mostly short: equality and counting. SSE2, which
//! every x86-64 processor has. They use no stack and no preserved register.

use core::arch::naked_asm;

unsafe extern "C" {
    fn memcmp(a: *const u8, b: *const u8, bytes: usize) -> i32;
}

/// Ranges from this length on are compared by the C library's widest vectors.
const LONG_BYTES: usize = 256;

/// (a, b, bytes) -> 1 if equal.
///
/// Ranges that fit two words are read from both ends: the two reads may overlap.
///
/// # Safety
/// Called by Go code only, with readable ranges.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.memequal")]
pub unsafe extern "C" fn go_memequal() {
    naked_asm!(
        "cmp rdi, rsi",
        "je 8f",
        "cmp rdx, 16",
        "ja 4f",
        "cmp edx, 8",
        "jb 2f",
        // 8 to 16
        "mov rax, [rdi]",
        "mov rcx, [rdi + rdx - 8]",
        "xor rax, [rsi]",
        "xor rcx, [rsi + rdx - 8]",
        "or rcx, rax",
        "sete al",
        "movzx eax, al",
        "ret",
        "2:",
        "cmp edx, 4",
        "jb 3f",
        // 4 to 7
        "mov eax, [rdi]",
        "mov ecx, [rdi + rdx - 4]",
        "xor eax, [rsi]",
        "xor ecx, [rsi + rdx - 4]",
        "or ecx, eax",
        "sete al",
        "movzx eax, al",
        "ret",
        "3:",
        "test edx, edx",
        "jz 8f",
        // 1 to 3: first, middle and last
        "mov r9d, edx",
        "shr r9d, 1",
        "movzx eax, byte ptr [rdi]",
        "movzx ecx, byte ptr [rdi + rdx - 1]",
        "movzx r8d, byte ptr [rdi + r9]",
        "xor al, [rsi]",
        "xor cl, [rsi + rdx - 1]",
        "xor r8b, [rsi + r9]",
        "or ecx, eax",
        "or ecx, r8d",
        "sete al",
        "movzx eax, al",
        "ret",
        "4:",
        "cmp rdx, {long}",
        "jae 7f",
        "sub rdx, 16",
        "xor ecx, ecx",
        "5:",
        "movdqu xmm0, [rdi + rcx]",
        "movdqu xmm1, [rsi + rcx]",
        "pcmpeqb xmm0, xmm1",
        "pmovmskb eax, xmm0",
        "cmp eax, 0xffff",
        "jne 9f",
        "add rcx, 16",
        "cmp rcx, rdx",
        "jb 5b",
        // The last 16.
        "movdqu xmm0, [rdi + rdx]",
        "movdqu xmm1, [rsi + rdx]",
        "pcmpeqb xmm0, xmm1",
        "pmovmskb ecx, xmm0",
        "xor eax, eax",
        "cmp ecx, 0xffff",
        "sete al",
        "ret",
        "7:",
        "sub rsp, 8",
        "call {memcmp}",
        "add rsp, 8",
        "cmp eax, 1",
        "sbb eax, eax",
        "neg eax",
        "ret",
        "8:",
        "mov eax, 1",
        "ret",
        "9:",
        "xor eax, eax",
        "ret",
        long = const LONG_BYTES,
        memcmp = sym memcmp,
    )
}

/// (a, b, bytes) -> an `i32` below, at or above 0.
///
/// # Safety
/// Called by Go code only, with readable ranges.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.mem_compare")]
pub unsafe extern "C" fn go_mem_compare() {
    naked_asm!("jmp {f}", f = sym memcmp)
}

/// (ptr, byte, bytes) -> how many of them are the byte.
///
/// # Safety
/// Called by Go code only, with a readable range.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.count_byte")]
pub unsafe extern "C" fn go_count_byte() {
    naked_asm!(
        "xor eax, eax",
        "cmp rdx, 16",
        "jb 3f",
        // The byte sixteen times.
        "movzx esi, sil",
        "movd xmm1, esi",
        "punpcklbw xmm1, xmm1",
        "pshuflw xmm1, xmm1, 0",
        "punpcklqdq xmm1, xmm1",
        "pxor xmm2, xmm2",
        "pxor xmm3, xmm3",
        "2:",
        // Each hit is -1 in its byte: subtracted from zero, and the bytes added up.
        "movdqu xmm0, [rdi]",
        "pcmpeqb xmm0, xmm1",
        "pxor xmm4, xmm4",
        "psubb xmm4, xmm0",
        "psadbw xmm4, xmm2",
        "paddq xmm3, xmm4",
        "add rdi, 16",
        "sub rdx, 16",
        "cmp rdx, 16",
        "jae 2b",
        "movq rax, xmm3",
        "psrldq xmm3, 8",
        "movq rcx, xmm3",
        "add rax, rcx",
        "3:",
        "test rdx, rdx",
        "jz 5f",
        "4:",
        "xor ecx, ecx",
        "cmp [rdi + rdx - 1], sil",
        "sete cl",
        "add rax, rcx",
        "dec rdx",
        "jnz 4b",
        "5:",
        "ret",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    type Leaf = extern "C" fn(*const u8, usize, usize) -> usize;

    fn leaf(f: unsafe extern "C" fn()) -> Leaf {
        // SAFETY: these routines use the first three parameter registers and the first
        // result register as System V does, and neither g nor preserved registers.
        unsafe { core::mem::transmute(f) }
    }

    #[test]
    fn equal_at_every_length_and_offset() {
        let equal = leaf(go_memequal);
        let a: Vec<u8> = (0..600).map(|i| (i * 7 % 251) as u8).collect();
        for n in (0..130).chain([200, 255, 256, 257, 500]) {
            for offset in [0, 1, 5] {
                let mut b = vec![0; n + offset];
                b[offset..].copy_from_slice(&a[..n]);
                let compare = |b: &[u8]| equal(a.as_ptr(), b[offset..].as_ptr() as usize, n);
                assert_eq!(compare(&b), 1, "{n}");
                for at in 0..n {
                    b[offset + at] ^= 0x40;
                    assert_eq!(compare(&b), 0, "{n} {at}");
                    b[offset + at] ^= 0x40;
                }
            }
        }
        assert_eq!(equal(a.as_ptr(), a.as_ptr() as usize, 300), 1);
    }

    #[test]
    fn counts_as_a_loop_does() {
        let count = leaf(go_count_byte);
        let text: Vec<u8> = (0..700).map(|i| (i * i % 5) as u8).collect();
        for n in (0..100).chain([255, 256, 400, 690]) {
            for offset in [0, 3] {
                let part = &text[offset..offset + n];
                for byte in [0, 1, 4, 9] {
                    let expected = part.iter().filter(|b| **b == byte).count();
                    assert_eq!(count(part.as_ptr(), byte as usize, n), expected, "{n}");
                }
            }
        }
    }
}
