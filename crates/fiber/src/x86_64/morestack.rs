//! Stack growth: what a function's prefix jumps to when its frame does not fit.
//!
//! Entered by `jmp` with r11 = address of the function's body, r10 = bytes its frame needs
//! (0 if at most `SMALL_FRAME_BYTES`), the caller's return address on top of the stack and
//! every argument register live. The body is called on the next segment; there are no
//! arguments on the stack (**I2**), so nothing is copied. When it returns, to
//! `goxide_lessstack`, the eight integer and eight float result registers are live, so only
//! r11 may be used.
//!
//! rbp is not touched: a chain of frame pointers crosses the boundary by itself, and the
//! return address that hides the caller's is found in the segment (`saved_sp`).

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::GContext;

use crate::segment::{Segment, StackOverflow, grow};

const SEGMENT: usize = offset_of!(GContext, segment);
const STACK_LIMIT: usize = offset_of!(GContext, stack_limit);
const SCHED_SP: usize = offset_of!(GContext, sched_sp);
const SCHED_FP: usize = offset_of!(GContext, sched_fp);
const SYSTEM_SP: usize = offset_of!(GContext, system_sp);

/// The slow path of every prefix.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.morestack")]
unsafe extern "C" fn morestack() {
    naked_asm!(
        "mov rax, [r15 + {segment}]",
        "mov rax, [rax + {next}]",
        "test rax, rax",
        "jz 2f",
        "cmp r10, [rax + {usable}]",
        "ja 2f",
        "1:",
        "mov [rax + {saved_sp}], rsp",
        "mov [r15 + {segment}], rax",
        "mov rsp, [rax + {hi}]",
        "mov r10, [rax + {limit}]",
        "mov [r15 + {stack_limit}], r10",
        "call r11",
        ".globl goxide_lessstack",
        "goxide_lessstack:",
        "mov r11, [r15 + {segment}]",
        "mov rsp, [r11 + {saved_sp}]",
        "mov r11, [r11 + {prev}]",
        "mov [r15 + {segment}], r11",
        "mov r11, [r11 + {limit}]",
        "mov [r15 + {stack_limit}], r11",
        "ret",
        "2:",
        "push rdi", "push rsi", "push rdx", "push rcx", "push r8", "push r9",
        "push r10", "push r11",
        "sub rsp, 128",
        "movups [rsp], xmm0", "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2", "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4", "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6", "movups [rsp + 112], xmm7",
        "mov [r15 + {sched_sp}], rsp",
        "mov [r15 + {sched_fp}], rbp",
        "mov rsp, [r15 + {system_sp}]",
        "mov rdi, r15",
        "mov rsi, r10",
        "call {more}",
        "mov rsp, [r15 + {sched_sp}]",
        "movups xmm0, [rsp]", "movups xmm1, [rsp + 16]",
        "movups xmm2, [rsp + 32]", "movups xmm3, [rsp + 48]",
        "movups xmm4, [rsp + 64]", "movups xmm5, [rsp + 80]",
        "movups xmm6, [rsp + 96]", "movups xmm7, [rsp + 112]",
        "add rsp, 128",
        "pop r11", "pop r10",
        "pop r9", "pop r8", "pop rcx", "pop rdx", "pop rsi", "pop rdi",
        "mov rax, [r15 + {segment}]",
        "mov rax, [rax + {next}]",
        "jmp 1b",
        segment = const SEGMENT,
        stack_limit = const STACK_LIMIT,
        sched_sp = const SCHED_SP,
        sched_fp = const SCHED_FP,
        system_sp = const SYSTEM_SP,
        next = const offset_of!(Segment, next),
        prev = const offset_of!(Segment, prev),
        saved_sp = const offset_of!(Segment, saved_sp),
        usable = const offset_of!(Segment, usable_bytes),
        hi = const offset_of!(Segment, hi),
        limit = const offset_of!(Segment, limit),
        more = sym more,
    )
}

unsafe extern "C" {
    fn goxide_lessstack();
}

/// Return address of a function that runs on a segment of its own.
pub fn lessstack_address() -> usize {
    goxide_lessstack as *const () as usize
}

/// Address of `runtime.morestack`.
pub fn morestack_address() -> usize {
    morestack as *const () as usize
}

/// Called when a goroutine's stack would pass the limit; does not return.
static mut OVERFLOW: fn(*mut GContext) -> ! = no_overflow_handler;

fn no_overflow_handler(_g: *mut GContext) -> ! {
    eprintln!("fatal error: stack overflow");
    std::process::exit(2)
}

/// Tells what reports a stack overflow.
///
/// # Safety
/// Called once, before any goroutine runs.
pub unsafe fn set_overflow(handler: fn(*mut GContext) -> !) {
    // SAFETY: no goroutine runs yet, so nobody reads the word.
    unsafe { OVERFLOW = handler };
}

extern "C" fn more(g: *mut GContext, frame_bytes: usize) {
    // SAFETY: `morestack` runs for the current goroutine of this M.
    if let Err(StackOverflow) = unsafe { grow(g, frame_bytes) } {
        // SAFETY: the handler is set before goroutines run.
        unsafe { OVERFLOW(g) }
    }
}

/// For a goroutine in the slow path of `morestack`: the body that wants to run, and the
/// address that it returns to.
///
/// # Safety
/// That is where the goroutine is.
pub unsafe fn growing_frame(g: *const GContext) -> (usize, usize) {
    // SAFETY: the layout of the pushes above: 16 words of floats, r11, r10, six words.
    unsafe {
        let words = (*g).sched_sp as *const usize;
        (*words.add(16), *words.add(24))
    }
}
