//! `runtime.cold_call`: calls a Go function and preserves every register.
//!
//! Compiled code uses it for calls out of unlikely blocks inside of loops (growing a slice):
//! the register allocator would keep everything that lives across an ordinary call in
//! memory, in the loop as well. Code, arguments and results are in `g.cold_call`. The
//! caller's stack check covers the stub's frame ([`COLD_CALL_BYTES`]); saved registers are
//! scanned with the stack they lie on.

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::{COLD_CALL_BYTES, ColdCall, GContext};

const CALL: usize = offset_of!(GContext, cold_call);
const WORDS: usize = CALL + offset_of!(ColdCall, words);
/// Return address and rbp come on top.
const SAVED: usize = COLD_CALL_BYTES as usize - 16;

/// See the module.
///
/// # Safety
/// Called by compiled code only, with `g.cold_call` filled.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.cold_call")]
pub unsafe extern "C" fn go_cold_call() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "sub rsp, {saved}",
        "mov [rsp + 256], rax",
        "mov [rsp + 264], rcx",
        "mov [rsp + 272], rdx",
        "mov [rsp + 280], rsi",
        "mov [rsp + 288], rdi",
        "mov [rsp + 296], r8",
        "mov [rsp + 304], r9",
        "mov [rsp + 312], r10",
        "mov [rsp + 320], r11",
        "movups [rsp], xmm0",
        "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2",
        "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4",
        "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6",
        "movups [rsp + 112], xmm7",
        "movups [rsp + 128], xmm8",
        "movups [rsp + 144], xmm9",
        "movups [rsp + 160], xmm10",
        "movups [rsp + 176], xmm11",
        "movups [rsp + 192], xmm12",
        "movups [rsp + 208], xmm13",
        "movups [rsp + 224], xmm14",
        "movups [rsp + 240], xmm15",
        "mov rdi, [r15 + {words}]",
        "mov rsi, [r15 + {words} + 8]",
        "mov rdx, [r15 + {words} + 16]",
        "mov rcx, [r15 + {words} + 24]",
        "mov r8, [r15 + {words} + 32]",
        "mov r9, [r15 + {words} + 40]",
        "call [r15 + {code}]",
        "mov [r15 + {words}], rax",
        "mov [r15 + {words} + 8], rcx",
        "mov [r15 + {words} + 16], rdx",
        "mov [r15 + {words} + 24], rsi",
        "movups xmm0, [rsp]",
        "movups xmm1, [rsp + 16]",
        "movups xmm2, [rsp + 32]",
        "movups xmm3, [rsp + 48]",
        "movups xmm4, [rsp + 64]",
        "movups xmm5, [rsp + 80]",
        "movups xmm6, [rsp + 96]",
        "movups xmm7, [rsp + 112]",
        "movups xmm8, [rsp + 128]",
        "movups xmm9, [rsp + 144]",
        "movups xmm10, [rsp + 160]",
        "movups xmm11, [rsp + 176]",
        "movups xmm12, [rsp + 192]",
        "movups xmm13, [rsp + 208]",
        "movups xmm14, [rsp + 224]",
        "movups xmm15, [rsp + 240]",
        "mov rax, [rsp + 256]",
        "mov rcx, [rsp + 264]",
        "mov rdx, [rsp + 272]",
        "mov rsi, [rsp + 280]",
        "mov rdi, [rsp + 288]",
        "mov r8, [rsp + 296]",
        "mov r9, [rsp + 304]",
        "mov r10, [rsp + 312]",
        "mov r11, [rsp + 320]",
        "add rsp, {saved}",
        "pop rbp",
        "ret",
        saved = const SAVED,
        code = const CALL + offset_of!(ColdCall, code),
        words = const WORDS,
    )
}
