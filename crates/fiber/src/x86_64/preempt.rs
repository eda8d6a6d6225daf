//! Asynchronous preemption: the signal handler makes the interrupted Go code "call"
//! `async_preempt`, which saves every register on the goroutine's stack and leaves the M.
//! If it interrupts a runtime call or a long leaf routine instead, it sets
//! `g.preempt_late`, and their ends go on in `preempt_late`: without that a loop which
//! spends its time in them would hardly ever be found in Go code.
//!
//! Cranelift's code uses no red zone and only the low 128 bits of vector registers, so
//! what must be saved is flags, 15 general registers, xmm0–15 and mxcsr.

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::GContext;

const SCHED_SP: usize = offset_of!(GContext, sched_sp);
const SCHED_FP: usize = offset_of!(GContext, sched_fp);
const SCHED_PC: usize = offset_of!(GContext, sched_pc);
const SYSTEM_SP: usize = offset_of!(GContext, system_sp);

/// Stack bytes that a preemption takes, the pushed pc included.
pub const ASYNC_PREEMPT_BYTES: usize = 8 * 18 + 16 * 16;

/// Set by [`set_preempt_call`].
static mut PREEMPT: usize = 0;

/// Tells what to call on the system stack when a goroutine is preempted: it decides
/// whether the goroutine leaves the M (by setting the request word) or goes on.
///
/// # Safety
/// Called once, before any goroutine runs.
pub unsafe fn set_preempt_call(f: extern "C" fn()) {
    // SAFETY: no goroutine runs yet, so nobody reads the word.
    unsafe { PREEMPT = f as usize };
}

#[unsafe(naked)]
unsafe extern "C" fn async_preempt() {
    naked_asm!(
        // A frame like any other: the interrupted pc is its return address.
        "push rbp",
        "mov rbp, rsp",
        "pushfq",
        "push rax", "push rcx", "push rdx", "push rbx", "push rsi", "push rdi",
        "push r8", "push r9", "push r10", "push r11", "push r12", "push r13", "push r14",
        "sub rsp, 264",
        "cld",
        "stmxcsr [rsp + 256]",
        "movups [rsp], xmm0", "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2", "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4", "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6", "movups [rsp + 112], xmm7",
        "movups [rsp + 128], xmm8", "movups [rsp + 144], xmm9",
        "movups [rsp + 160], xmm10", "movups [rsp + 176], xmm11",
        "movups [rsp + 192], xmm12", "movups [rsp + 208], xmm13",
        "movups [rsp + 224], xmm14", "movups [rsp + 240], xmm15",
        "lea rax, [rip + {resume}]",
        "mov [r15 + {sched_pc}], rax",
        "mov [r15 + {sched_sp}], rsp",
        "mov [r15 + {sched_fp}], rbp",
        "mov rsp, [r15 + {system_sp}]",
        "call [rip + {preempt}]",
        "cmp qword ptr [rsp], 0",
        "jne {out}",
        "mov rsp, [r15 + {sched_sp}]",
        "jmp {resume}",
        sched_sp = const SCHED_SP,
        sched_fp = const SCHED_FP,
        sched_pc = const SCHED_PC,
        system_sp = const SYSTEM_SP,
        preempt = sym PREEMPT,
        resume = sym resume_preempted,
        out = sym super::switch::switch_out,
    )
}

/// What a runtime call ends with if `g.preempt_late` is set: the same, as from its caller,
/// if there is room for it.
#[unsafe(naked)]
#[unsafe(export_name = "goxide_preempt_late")]
pub(super) unsafe extern "C" fn preempt_late() {
    naked_asm!(
        "mov r11, [r15 + {segment}]",
        "mov r11, [r11 + {lo}]",
        "add r11, {bytes}",
        "cmp rsp, r11",
        "jae {preempt}",
        "ret",
        segment = const offset_of!(GContext, segment),
        lo = const offset_of!(crate::segment::Segment, lo),
        bytes = const ASYNC_PREEMPT_BYTES,
        preempt = sym async_preempt,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn resume_preempted() {
    naked_asm!(
        "ldmxcsr [rsp + 256]",
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
        "add rsp, 264",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop r11",
        "pop r10",
        "pop r9",
        "pop r8",
        "pop rdi",
        "pop rsi",
        "pop rbx",
        "pop rdx",
        "pop rcx",
        "pop rax",
        "popfq",
        "pop rbp",
        "ret",
    )
}

/// `sched_pc` of a goroutine that was preempted.
pub fn resume_preempted_address() -> usize {
    resume_preempted as *const () as usize
}

/// What a signal handler sets the pc to, after pushing the interrupted one.
pub fn async_preempt_address() -> usize {
    async_preempt as *const () as usize
}
