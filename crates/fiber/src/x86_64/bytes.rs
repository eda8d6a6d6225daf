//! Leaf routines on ranges of bytes. Most ranges are short: those are done here, by reads
//! from both ends that may overlap, with SSE2, which every x86-64 processor has. Long ones
//! go to the C library's routines, which choose the best vector code for the processor when
//! the program starts and use no stack. No preserved register is used.
//!
//! After very long ones a preemption is made up for that came meanwhile.

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::GContext;

use super::preempt::preempt_late;

unsafe extern "C" {
    fn memmove(dst: *mut u8, src: *const u8, bytes: usize) -> *mut u8;
    fn memset(dst: *mut u8, byte: i32, bytes: usize) -> *mut u8;
    fn memchr(p: *const u8, byte: i32, bytes: usize) -> *const u8;
    fn memcmp(a: *const u8, b: *const u8, bytes: usize) -> i32;
}

/// Ranges from this length on are compared by the C library's widest vectors.
const LONG_BYTES: usize = 256;
/// From this length on, the time in a routine is most of the time of a loop that calls it.
const VERY_LONG_BYTES: usize = 1024;
const LATE: usize = offset_of!(GContext, preempt_late);

/// (dst, src, bytes); the ranges may overlap: all is read before any is written. Aligned
/// words, which may be pointers that a collector reads, are written whole.
///
/// # Safety
/// Called by Go code only, with accessible ranges.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.memmove")]
pub unsafe extern "C" fn go_memmove() {
    naked_asm!(
        "cmp rdx, 16",
        "ja 4f",
        "cmp edx, 8",
        "jb 2f",
        "mov rax, [rsi]",
        "mov rcx, [rsi + rdx - 8]",
        "mov [rdi], rax",
        "mov [rdi + rdx - 8], rcx",
        "ret",
        "2:",
        "cmp edx, 4",
        "jb 3f",
        "mov eax, [rsi]",
        "mov ecx, [rsi + rdx - 4]",
        "mov [rdi], eax",
        "mov [rdi + rdx - 4], ecx",
        "ret",
        "3:",
        "test edx, edx",
        "jz 6f",
        "mov r9d, edx",
        "shr r9d, 1",
        "movzx eax, byte ptr [rsi]",
        "movzx ecx, byte ptr [rsi + rdx - 1]",
        "movzx r8d, byte ptr [rsi + r9]",
        "mov [rdi], al",
        "mov [rdi + r9], r8b",
        "mov [rdi + rdx - 1], cl",
        "ret",
        "4:",
        "cmp rdx, 32",
        "ja 5f",
        "movups xmm0, [rsi]",
        "movups xmm1, [rsi + rdx - 16]",
        "movups [rdi], xmm0",
        "movups [rdi + rdx - 16], xmm1",
        "ret",
        "5:",
        "cmp rdx, 64",
        "ja 7f",
        "movups xmm0, [rsi]",
        "movups xmm1, [rsi + 16]",
        "movups xmm2, [rsi + rdx - 32]",
        "movups xmm3, [rsi + rdx - 16]",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm1",
        "movups [rdi + rdx - 32], xmm2",
        "movups [rdi + rdx - 16], xmm3",
        "6:",
        "ret",
        "7:",
        "cmp rdx, {very_long}",
        "jb {long}",
        "push rdx",
        "call {long}",
        "add rsp, 8",
        "cmp qword ptr [r15 + {late}], 0",
        "jne {preempt}",
        "ret",
        long = sym memmove,
        very_long = const VERY_LONG_BYTES,
        late = const LATE,
        preempt = sym preempt_late,
    )
}

/// (ptr, bytes): zeroes.
///
/// # Safety
/// Called by Go code only, with a writable range.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.memclr")]
pub unsafe extern "C" fn go_memclr() {
    naked_asm!(
        "xor eax, eax",
        "cmp rsi, 16",
        "ja 4f",
        "cmp esi, 8",
        "jb 2f",
        "mov [rdi], rax",
        "mov [rdi + rsi - 8], rax",
        "ret",
        "2:",
        "cmp esi, 4",
        "jb 3f",
        "mov [rdi], eax",
        "mov [rdi + rsi - 4], eax",
        "ret",
        "3:",
        "test esi, esi",
        "jz 6f",
        "mov ecx, esi",
        "shr ecx, 1",
        "mov [rdi], al",
        "mov [rdi + rcx], al",
        "mov [rdi + rsi - 1], al",
        "ret",
        "4:",
        "cmp rsi, 64",
        "ja 7f",
        "xorps xmm0, xmm0",
        "movups [rdi], xmm0",
        "movups [rdi + rsi - 16], xmm0",
        "cmp esi, 32",
        "jbe 6f",
        "movups [rdi + 16], xmm0",
        "movups [rdi + rsi - 32], xmm0",
        "6:",
        "ret",
        "7:",
        "mov rdx, rsi",
        "xor esi, esi",
        "cmp rdx, {very_long}",
        "jb {long}",
        "push rdx",
        "call {long}",
        "add rsp, 8",
        "cmp qword ptr [r15 + {late}], 0",
        "jne {preempt}",
        "ret",
        long = sym memset,
        very_long = const VERY_LONG_BYTES,
        late = const LATE,
        preempt = sym preempt_late,
    )
}

/// (a, b, bytes) -> 1 if equal.
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
        "push rdx",
        "call {memcmp}",
        "pop rdx",
        "cmp eax, 1",
        "sbb eax, eax",
        "neg eax",
        "cmp rdx, {very_long}",
        "jb 10f",
        "cmp qword ptr [r15 + {late}], 0",
        "jne {preempt}",
        "10:",
        "ret",
        "8:",
        "mov eax, 1",
        "ret",
        "9:",
        "xor eax, eax",
        "ret",
        long = const LONG_BYTES,
        memcmp = sym memcmp,
        very_long = const VERY_LONG_BYTES,
        late = const LATE,
        preempt = sym preempt_late,
    )
}

/// A routine of the C library of which the third argument is a length.
macro_rules! of_c_library {
    ($routine:ident) => {
        naked_asm!(
            "cmp rdx, {very_long}",
            "jb {routine}",
            "push rdx",
            "call {routine}",
            "add rsp, 8",
            "cmp qword ptr [r15 + {late}], 0",
            "jne {preempt}",
            "ret",
            routine = sym $routine,
            very_long = const VERY_LONG_BYTES,
            late = const LATE,
            preempt = sym preempt_late,
        )
    };
}

/// (a, b, bytes) -> an `i32` below, at or above 0.
///
/// # Safety
/// Called by Go code only, with readable ranges.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.mem_compare")]
pub unsafe extern "C" fn go_mem_compare() {
    of_c_library!(memcmp)
}

/// (ptr, byte, bytes) -> address of the first such byte, or 0.
///
/// # Safety
/// Called by Go code only, with a readable range.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.index_byte")]
pub unsafe extern "C" fn go_index_byte() {
    of_c_library!(memchr)
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
        "mov r8, rdx",
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
        "cmp r8, {very_long}",
        "jb 6f",
        "cmp qword ptr [r15 + {late}], 0",
        "jne {preempt}",
        "6:",
        "ret",
        very_long = const VERY_LONG_BYTES,
        late = const LATE,
        preempt = sym preempt_late,
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
    fn moves_ranges_that_overlap_and_clears_no_more() {
        let (copy, clear) = (leaf(go_memmove), leaf(go_memclr));
        let before: Vec<u8> = (0..300).map(|i| (i % 250 + 1) as u8).collect();
        for n in (0..100).chain([127, 128, 150]) {
            for (from, to) in [(100, 100), (100, 101), (101, 100), (100, 93), (90, 120)] {
                let (mut bytes, mut expected) = (before.clone(), before.clone());
                expected.copy_within(from..from + n, to);
                let base = bytes.as_mut_ptr();
                copy(base.wrapping_add(to), base.wrapping_add(from) as usize, n);
                assert_eq!(bytes, expected, "{n} {from} {to}");
                expected[to..to + n].fill(0);
                clear(base.wrapping_add(to), n, 0);
                assert_eq!(bytes, expected, "{n}");
            }
        }
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
