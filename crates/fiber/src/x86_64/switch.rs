//! On and off a goroutine.
//!
//! [`execute`] leaves the M's system stack for a goroutine. Its frame there is what every
//! runtime call builds upon, so the stack pointer it leaves behind is `g.system_sp`:
//!
//! ```text
//!   system_sp + 24   r15 r14 r13 r12 rbx rbp, return address of `execute`
//!   system_sp        request word: non-zero once the goroutine is to leave the M
//! ```
//!
//! A runtime call that parks sets the request word ([`GContext::system_sp`] points to it)
//! and returns; its stub then does not go back to the goroutine but returns from
//! `execute` into the scheduler, which finishes the parking. No Rust frame is skipped.
//!
//! A goroutine that is off the M continues at `sched_pc` with `sched_sp`; there are four
//! such places, which know what lies at `sched_sp`: `start_go`, `start_rust`,
//! `resume_parked` and `resume_preempted`.

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::GContext;

const SCHED_SP: usize = offset_of!(GContext, sched_sp);
const SCHED_FP: usize = offset_of!(GContext, sched_fp);
const SCHED_PC: usize = offset_of!(GContext, sched_pc);
const SYSTEM_SP: usize = offset_of!(GContext, system_sp);
const CLOSURE_CTX: usize = offset_of!(GContext, closure_ctx);
const PARK_RESULTS: usize = offset_of!(GContext, park_results);

/// Runs `g` from its saved context on this thread; returns when it leaves the M.
///
/// # Safety
/// `g` has a valid saved context and runs nowhere else.
#[unsafe(naked)]
pub unsafe extern "C" fn execute(g: *mut GContext) {
    naked_asm!(
        "push rbp", "push rbx", "push r12", "push r13", "push r14", "push r15",
        "sub rsp, 24",
        "mov qword ptr [rsp], 0",
        "mov r15, rdi",
        "mov [r15 + {system_sp}], rsp",
        "mov rsp, [r15 + {sched_sp}]",
        "jmp [r15 + {sched_pc}]",
        system_sp = const SYSTEM_SP,
        sched_sp = const SCHED_SP,
        sched_pc = const SCHED_PC,
    )
}

/// The way back: stubs jump here with rsp = `g.system_sp`.
#[unsafe(naked)]
#[unsafe(export_name = "goxide_switch_out")]
pub(super) unsafe extern "C" fn switch_out() {
    naked_asm!(
        "add rsp, 24",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

/// Continues behind a stub that parked: its results come from `g.park_results`.
#[unsafe(naked)]
unsafe extern "C" fn resume_parked() {
    naked_asm!(
        "mov rax, [r15 + {results}]",
        "mov rcx, [r15 + {results} + 8]",
        "mov rdx, rcx",
        "pop r14", "pop r13", "pop r12", "pop rbx", "pop rbp",
        "pop r11",
        "jmp r11",
        results = const PARK_RESULTS,
    )
}

/// First instruction of a goroutine: six integer arguments lie at `sched_sp`, the closure
/// to call is `park_results[0]`.
#[unsafe(naked)]
unsafe extern "C" fn start_go() {
    naked_asm!(
        "mov rax, [r15 + {results}]",
        "mov [r15 + {closure}], rax",
        "pop rdi", "pop rsi", "pop rdx", "pop rcx", "pop r8", "pop r9",
        "xor ebp, ebp",
        "call [rax]",
        "jmp {goexit}",
        results = const PARK_RESULTS,
        closure = const CLOSURE_CTX,
        goexit = sym goexit,
    )
}

/// Where the first function of a goroutine returns to. The call to `runtime.goexit0` is
/// made by address, so that this crate needs no runtime to link.
#[unsafe(naked)]
unsafe extern "C" fn goexit() {
    naked_asm!(
        "mov [r15 + {sched_sp}], rsp",
        "mov [r15 + {sched_fp}], rbp",
        "mov rsp, [r15 + {system_sp}]",
        "call [rip + {exit}]",
        "jmp {out}",
        sched_sp = const SCHED_SP,
        sched_fp = const SCHED_FP,
        system_sp = const SYSTEM_SP,
        exit = sym GOEXIT,
        out = sym switch_out,
    )
}

/// What [`goexit`] calls on the system stack: it must set the request word and return.
static mut GOEXIT: usize = 0;

/// Tells what to call when a goroutine's first function returns.
///
/// # Safety
/// Called once, before any goroutine runs.
pub unsafe fn set_goexit(f: extern "C" fn()) {
    // SAFETY: no goroutine runs yet, so nobody reads the word.
    unsafe { GOEXIT = f as usize };
}

/// First instruction of a goroutine made from a Rust closure: calls
/// `park_results[0](park_results[1])`. Its stack is large and fixed.
#[unsafe(naked)]
unsafe extern "C" fn start_rust() {
    naked_asm!(
        "mov rax, [r15 + {results}]",
        "mov rdi, [r15 + {results} + 8]",
        "push r15",
        "sub rsp, 8",
        "xor ebp, ebp",
        "call rax",
        "mov r15, [rsp + 8]",
        "jmp {goexit}",
        results = const PARK_RESULTS,
        goexit = sym goexit,
    )
}

/// The two result words of a runtime call, in rax and rdx.
#[repr(C)]
pub struct CallResults(pub usize, pub usize);

/// From Rust code on a goroutine's stack: calls `f(a, b, c, d)` on the system stack as a
/// stub does for Go code. Gives back what `f` returned (the second word means nothing if it
/// returned one) or, if the goroutine parked, its `park_results`.
///
/// # Safety
/// `g` is the running goroutine and this is its stack.
#[unsafe(naked)]
pub unsafe extern "C" fn call_on_system_stack(
    g: *mut GContext,
    f: usize,
    a: usize,
    b: usize,
    c: usize,
    d: usize,
) -> CallResults {
    naked_asm!(
        "push r15",
        "push rbp", "mov rbp, rsp",
        "push rbx", "push r12", "push r13", "push r14",
        "lea rax, [rip + 3f]",
        "push rax",
        // What `resume_parked` pops: r14 r13 r12 rbx rbp and the address to go on at.
        "push rbp", "push rbx", "push r12", "push r13", "push r14",
        "mov r15, rdi",
        "mov [r15 + {sched_sp}], rsp",
        "mov [r15 + {sched_fp}], rbp",
        "mov rsp, [r15 + {system_sp}]",
        "mov rax, rsi",
        "mov rdi, rdx", "mov rsi, rcx", "mov rdx, r8", "mov rcx, r9",
        "call rax",
        "cmp qword ptr [rsp], 0",
        "jne {out}",
        "mov rsp, [r15 + {sched_sp}]",
        "add rsp, 48",
        "3:",
        "pop r14", "pop r13", "pop r12", "pop rbx", "pop rbp", "pop r15",
        "ret",
        sched_sp = const SCHED_SP,
        sched_fp = const SCHED_FP,
        system_sp = const SYSTEM_SP,
        out = sym switch_out,
    )
}

/// Continues a goroutine at `pc` with this stack and frame pointer, from the system stack:
/// the landing of `recover`.
///
/// # Safety
/// The three describe a live frame of `g`, and `g` is the M's current goroutine.
#[unsafe(naked)]
pub unsafe extern "C" fn resume_at(g: *mut GContext, pc: usize, sp: usize, fp: usize) -> ! {
    naked_asm!(
        "mov r15, rdi",
        "mov rsp, rdx",
        "mov rbp, rcx",
        "xor eax, eax",
        "xor edx, edx",
        "jmp rsi",
    )
}

/// `sched_pc` of a goroutine that parked in a runtime call.
pub fn resume_parked_address() -> usize {
    resume_parked as *const () as usize
}

/// `sched_pc` of a goroutine that has not started.
pub fn start_go_address() -> usize {
    start_go as *const () as usize
}

/// `sched_pc` of a goroutine made from a Rust closure that has not started.
pub fn start_rust_address() -> usize {
    start_rust as *const () as usize
}

/// Address of the code that ends a goroutine.
pub fn goexit_address() -> usize {
    goexit as *const () as usize
}

/// Address of the code that returns from [`execute`].
pub fn switch_out_address() -> usize {
    switch_out as *const () as usize
}
