//! Leaf routines of the runtime: assembly that runs on the goroutine's stack and needs
//! only a few words of it. They follow Go's convention (see the module above), so they keep
//! rbx, rbp and r12–r15.
//!
//! Routines on ranges of bytes are in [`super::bytes`].

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::{GContext, MContext};

use super::preempt::preempt_late;

/// (`*[7]uintptr`: number and arguments, `*[3]uintptr`: r1, r2, errno).
#[unsafe(naked)]
#[unsafe(export_name = "runtime.raw_syscall6")]
unsafe extern "C" fn go_raw_syscall6() {
    naked_asm!(
        "push rsi",
        "mov rax, [rdi]",
        "mov rsi, [rdi + 16]",
        "mov rdx, [rdi + 24]",
        "mov r10, [rdi + 32]",
        "mov r8, [rdi + 40]",
        "mov r9, [rdi + 48]",
        "mov rdi, [rdi + 8]",
        "syscall",
        "pop rsi",
        "cmp rax, -4095",
        "jae 2f",
        "mov [rsi], rax",
        "mov [rsi + 8], rdx",
        "mov qword ptr [rsi + 16], 0",
        "3:",
        "cmp qword ptr [r15 + {late}], 0",
        "jne {preempt}",
        "ret",
        "2:",
        "neg rax",
        "mov qword ptr [rsi], -1",
        "mov qword ptr [rsi + 8], 0",
        "mov [rsi + 16], rax",
        "jmp 3b",
        late = const offset_of!(GContext, preempt_late),
        preempt = sym preempt_late,
    )
}

/// (number, a1, a2, a3) -> r1, errno; for a `clone` with `CLONE_VFORK | CLONE_VM`, which
/// returns twice on this very stack. The child runs on over what lies below its caller's
/// frame, so nothing that the parent needs may stay there: the return address travels in a
/// register, which the kernel keeps for each, and so do the stack limit and the segment,
/// which the child may leave changed when it needed more stack and then never came back.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.raw_vfork")]
unsafe extern "C" fn go_raw_vfork() {
    naked_asm!(
        "pop rax",
        "movq xmm0, rax",
        "mov rax, [r15 + {limit}]",
        "movq xmm1, rax",
        "mov rax, [r15 + {segment}]",
        "movq xmm2, rax",
        "mov rax, rdi",
        "mov rdi, rsi",
        "mov rsi, rdx",
        "mov rdx, rcx",
        "xor r10d, r10d",
        "xor r8d, r8d",
        "xor r9d, r9d",
        "syscall",
        "movq rcx, xmm1",
        "mov [r15 + {limit}], rcx",
        "movq rcx, xmm2",
        "mov [r15 + {segment}], rcx",
        "movq rcx, xmm0",
        "push rcx",
        "cmp rax, -4095",
        "jae 2f",
        "xor edx, edx",
        "ret",
        "2:",
        "mov rdx, rax",
        "neg rdx",
        "mov rax, -1",
        "ret",
        limit = const offset_of!(GContext, stack_limit),
        segment = const offset_of!(GContext, segment),
    )
}

/// (leaf, subleaf, `*[4]uint32`: eax ebx ecx edx).
#[unsafe(naked)]
#[unsafe(export_name = "runtime.cpuid")]
unsafe extern "C" fn go_cpuid() {
    naked_asm!(
        "mov r8, rdx",
        "mov r9, rbx",
        "mov eax, edi",
        "mov ecx, esi",
        "cpuid",
        "mov [r8], eax",
        "mov [r8 + 4], ebx",
        "mov [r8 + 8], ecx",
        "mov [r8 + 12], edx",
        "mov rbx, r9",
        "ret",
    )
}

/// (`*[2]uint32`: eax, edx of register 0).
#[unsafe(naked)]
#[unsafe(export_name = "runtime.xgetbv")]
unsafe extern "C" fn go_xgetbv() {
    naked_asm!(
        "xor ecx, ecx",
        "xgetbv",
        "mov [rdi], eax",
        "mov [rdi + 4], edx",
        "ret"
    )
}

/// The goroutine stays on its M, and that on its P; gives the P's number. The M's word is
/// changed here because no stub can be preempted between finding the M and changing it.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.proc_pin")]
unsafe extern "C" fn go_proc_pin() {
    naked_asm!(
        "mov rcx, [r15 + {m}]",
        "add dword ptr [rcx + {pins}], 1",
        "mov eax, [rcx + {p}]",
        "ret",
        m = const offset_of!(GContext, m),
        pins = const offset_of!(MContext, pins),
        p = const offset_of!(MContext, p),
    )
}

/// Ends it.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.proc_unpin")]
unsafe extern "C" fn go_proc_unpin() {
    naked_asm!(
        "mov rcx, [r15 + {m}]",
        "sub dword ptr [rcx + {pins}], 1",
        "ret",
        m = const offset_of!(GContext, m),
        pins = const offset_of!(MContext, pins),
    )
}

/// (code, closure, `*abi::CallRegisters`): calls `code` with these registers and stores
/// back the result registers; while the collector marks with a record, as they may be on the
/// heap.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.reflect_call")]
unsafe extern "C" fn go_reflect_call() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "push rdx",
        "mov [r15 + {closure}], rsi",
        "mov r11, rdi",
        "mov rbx, rdx",
        "mov rdi, [rbx]",
        "mov rsi, [rbx + 8]",
        "mov rdx, [rbx + 16]",
        "mov rcx, [rbx + 24]",
        "mov r8, [rbx + 32]",
        "mov r9, [rbx + 40]",
        "movsd xmm0, [rbx + 64]",
        "movsd xmm1, [rbx + 72]",
        "movsd xmm2, [rbx + 80]",
        "movsd xmm3, [rbx + 88]",
        "movsd xmm4, [rbx + 96]",
        "movsd xmm5, [rbx + 104]",
        "movsd xmm6, [rbx + 112]",
        "movsd xmm7, [rbx + 120]",
        "call r11",
        "mov [rbx], rax",
        "mov [rbx + 8], rcx",
        "mov [rbx + 16], rdx",
        "mov [rbx + 24], rsi",
        "mov [rbx + 32], rdi",
        "mov [rbx + 40], r8",
        "mov [rbx + 48], r9",
        "mov [rbx + 56], r10",
        "movsd [rbx + 64], xmm0",
        "movsd [rbx + 72], xmm1",
        "movsd [rbx + 80], xmm2",
        "movsd [rbx + 88], xmm3",
        "movsd [rbx + 96], xmm4",
        "movsd [rbx + 104], xmm5",
        "movsd [rbx + 112], xmm6",
        "movsd [rbx + 120], xmm7",
        "pop rdx",
        "pop rbx",
        "pop rbp",
        "cmp qword ptr [r15 + {marking}], 0",
        "jne 2f",
        "ret",
        "2:",
        "mov rdi, rdx",
        "mov rsi, rdx",
        "mov edx, 64",
        "jmp {move_pointers}",
        closure = const offset_of!(GContext, closure_ctx),
        marking = const offset_of!(GContext, gc_marking),
        move_pointers = sym super::barrier::go_memmove_pointers,
    )
}

/// Code of a func value made by reflection, `{this, entry of a Go function, …}`: calls that
/// function with (the func value, `*abi::CallRegisters` holding the parameters) and then
/// returns the results that it left there.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.makefunc_stub")]
unsafe extern "C" fn go_makefunc_stub() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "sub rsp, 128",
        "mov [rsp], rdi",
        "mov [rsp + 8], rsi",
        "mov [rsp + 16], rdx",
        "mov [rsp + 24], rcx",
        "mov [rsp + 32], r8",
        "mov [rsp + 40], r9",
        "mov qword ptr [rsp + 48], 0",
        "mov qword ptr [rsp + 56], 0",
        "movsd [rsp + 64], xmm0",
        "movsd [rsp + 72], xmm1",
        "movsd [rsp + 80], xmm2",
        "movsd [rsp + 88], xmm3",
        "movsd [rsp + 96], xmm4",
        "movsd [rsp + 104], xmm5",
        "movsd [rsp + 112], xmm6",
        "movsd [rsp + 120], xmm7",
        "mov rdi, [r15 + {closure}]",
        "mov rsi, rsp",
        "call [rdi + 8]",
        "mov rax, [rsp]",
        "mov rcx, [rsp + 8]",
        "mov rdx, [rsp + 16]",
        "mov rsi, [rsp + 24]",
        "mov rdi, [rsp + 32]",
        "mov r8, [rsp + 40]",
        "mov r9, [rsp + 48]",
        "mov r10, [rsp + 56]",
        "movsd xmm0, [rsp + 64]",
        "movsd xmm1, [rsp + 72]",
        "movsd xmm2, [rsp + 80]",
        "movsd xmm3, [rsp + 88]",
        "movsd xmm4, [rsp + 96]",
        "movsd xmm5, [rsp + 104]",
        "movsd xmm6, [rsp + 112]",
        "movsd xmm7, [rsp + 120]",
        "add rsp, 128",
        "pop rbp",
        "ret",
        closure = const offset_of!(GContext, closure_ctx),
    )
}
