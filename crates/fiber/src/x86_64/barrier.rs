//! The write barrier (ARCHITECTURE.md, "Collector"): what compiled code calls while the
//! collector marks. Stubs are not safe points, so what happens in one of them happens
//! between two stops of the world.

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::{AllocCache, GContext, SlotRun};

unsafe extern "C" {
    fn goxide_gc_shade_slow(pointer: usize);
    #[link_name = "runtime.memmove"]
    fn memmove();
    #[link_name = "runtime.memmove_pointers_slow"]
    fn memmove_pointers_slow();
}

const SHADE: usize = offset_of!(GContext, shade);
const CACHE: usize = offset_of!(GContext, cache);
const SCHED_SP: usize = offset_of!(GContext, sched_sp);
const SCHED_FP: usize = offset_of!(GContext, sched_fp);
const SYSTEM_SP: usize = offset_of!(GContext, system_sp);
const NEXT: usize = offset_of!(AllocCache, shaded) + offset_of!(SlotRun, next);
const END: usize = offset_of!(AllocCache, shaded) + offset_of!(SlotRun, end);
/// What the slow path saves on the system stack: 16 vector and 7 general registers.
const SAVED: usize = 16 * 16 + 8 * 8;

/// Records the pointer in `g.shade` for the markers. Preserves every register, and takes
/// little of the goroutine's stack: its callers do not reckon with it.
///
/// # Safety
/// Called by compiled code only, right after it stored the pointer.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.gc_shade")]
pub unsafe extern "C" fn go_gc_shade() {
    naked_asm!(
        "push rax",
        "push rcx",
        "mov rax, [r15 + {cache}]",
        "test rax, rax",
        "jz 9f",
        "mov rcx, [rax + {next}]",
        "cmp rcx, [rax + {end}]",
        "jae 9f",
        "push rdx",
        "mov rdx, [r15 + {shade}]",
        "mov [rcx], rdx",
        "pop rdx",
        "add rcx, 8",
        "mov [rax + {next}], rcx",
        "pop rcx",
        "pop rax",
        "ret",
        // The buffer is full, or this M has none.
        "9:",
        "push rbp",
        "mov rbp, rsp",
        "mov [r15 + {sched_sp}], rsp",
        "mov [r15 + {sched_fp}], rbp",
        "mov rsp, [r15 + {system_sp}]",
        "sub rsp, {saved}",
        "movups [rsp], xmm0", "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2", "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4", "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6", "movups [rsp + 112], xmm7",
        "movups [rsp + 128], xmm8", "movups [rsp + 144], xmm9",
        "movups [rsp + 160], xmm10", "movups [rsp + 176], xmm11",
        "movups [rsp + 192], xmm12", "movups [rsp + 208], xmm13",
        "movups [rsp + 224], xmm14", "movups [rsp + 240], xmm15",
        "mov [rsp + 256], rdx", "mov [rsp + 264], rsi", "mov [rsp + 272], rdi",
        "mov [rsp + 280], r8", "mov [rsp + 288], r9",
        "mov [rsp + 296], r10", "mov [rsp + 304], r11",
        "mov rdi, [r15 + {shade}]",
        "call {slow}",
        "movups xmm0, [rsp]", "movups xmm1, [rsp + 16]",
        "movups xmm2, [rsp + 32]", "movups xmm3, [rsp + 48]",
        "movups xmm4, [rsp + 64]", "movups xmm5, [rsp + 80]",
        "movups xmm6, [rsp + 96]", "movups xmm7, [rsp + 112]",
        "movups xmm8, [rsp + 128]", "movups xmm9, [rsp + 144]",
        "movups xmm10, [rsp + 160]", "movups xmm11, [rsp + 176]",
        "movups xmm12, [rsp + 192]", "movups xmm13, [rsp + 208]",
        "movups xmm14, [rsp + 224]", "movups xmm15, [rsp + 240]",
        "mov rdx, [rsp + 256]", "mov rsi, [rsp + 264]", "mov rdi, [rsp + 272]",
        "mov r8, [rsp + 280]", "mov r9, [rsp + 288]",
        "mov r10, [rsp + 296]", "mov r11, [rsp + 304]",
        "mov rsp, [r15 + {sched_sp}]",
        "pop rbp",
        "pop rcx",
        "pop rax",
        "ret",
        cache = const CACHE,
        shade = const SHADE,
        next = const NEXT,
        end = const END,
        sched_sp = const SCHED_SP,
        sched_fp = const SCHED_FP,
        system_sp = const SYSTEM_SP,
        saved = const SAVED,
        slow = sym goxide_gc_shade_slow,
    )
}

/// (dst, src, bytes): `memmove` of memory that holds pointers.
///
/// # Safety
/// As for `memmove`; called by Go code only.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.memmove_pointers")]
pub unsafe extern "C" fn go_memmove_pointers() {
    naked_asm!(
        "cmp qword ptr [r15 + {marking}], 0",
        "jne 2f",
        "jmp {fast}",
        "2:",
        "test rdx, rdx",
        "jz 3f",
        // A nil pointer has to fault here and not in Rust code.
        "test byte ptr [rdi], al",
        "test byte ptr [rsi], al",
        "jmp {slow}",
        "3:",
        "ret",
        marking = const offset_of!(GContext, gc_marking),
        fast = sym memmove,
        slow = sym memmove_pointers_slow,
    )
}
