//! `runtime.mallocgc`: the fast path of allocation, on the goroutine's stack.
//!
//! Takes a slot off the run of its size class in the P's [`AllocCache`] and sets its pointer
//! bits. Everything else (runs that are empty, large objects, odd types) goes on in
//! `runtime.mallocgc_slow` with the same arguments. As in every stub, nothing preempts in
//! here, so the P and its cache stay the same.

use core::arch::naked_asm;
use core::mem::offset_of;

use goxide_abi::{AllocCache, FAST_CLASSES, GContext, MAX_PTR_BITS_BYTES, SlotRun, TINY_BYTES};

unsafe extern "C" {
    #[link_name = "runtime.mallocgc_slow"]
    fn mallocgc_slow();
}

/// Offsets in `abi.Type`.
const TYPE_PTR_BYTES: usize = 8;
const TYPE_TFLAG: usize = 20;
const TYPE_GC_DATA: usize = 32;
/// The type's pointer mask is made on demand.
const TFLAG_MASK_ON_DEMAND: usize = 16;

/// (size, `*abi.Type` or 0, zeroed) -> object.
///
/// # Safety
/// Called by Go code only: its arguments as `mallocgc` wants them, r15 = g.
///
/// r8: the cache, eax: the class's entry, r9: pointer mask, r11: slot bytes.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.mallocgc")]
unsafe extern "C" fn go_mallocgc() {
    naked_asm!(
        "mov r8, [r15 + {cache}]",
        "test r8, r8",
        "jz 9f",
        "lea rax, [rdi + 7]",
        "shr rax, 3",
        "test rsi, rsi",
        "jz 5f",
        "cmp qword ptr [rsi + {ptr_bytes}], 0",
        "je 5f",
        // With pointers: the mask of one value, or of an array of pointers.
        "lea rcx, [rdi - 1]",
        "cmp rcx, {max_ptr_bits_bytes}",
        "jae 9f",
        "test byte ptr [rsi + {tflag}], {on_demand}",
        "jnz 9f",
        "mov r9, [rsi + {gc_data}]",
        "mov r9, [r9]",
        "cmp rdi, [rsi]",
        "jne 3f",
        "mov rcx, [rsi + {ptr_bytes}]",
        "shr ecx, 3",
        "2:",
        // Only the mask's lowest ecx bits count; ecx is 1 to 64.
        "neg ecx",
        "shl r9, cl",
        "shr r9, cl",
        "mov r10, [r8 + {classes}]",
        "mov eax, [r10 + rax * 4]",
        "movzx r11d, ax",
        "shr eax, 16",
        "lea r10, [r8 + rax + {runs}]",
        "mov rax, [r10 + {next}]",
        "add r11, rax",
        "cmp r11, [r10 + {end}]",
        "ja 9f",
        "mov [r10 + {next}], r11",
        // Its pointer bits: in one word, or in two.
        "mov rcx, rax",
        "mov r10, rax",
        "shr rcx, 3",
        "shr r10, 9",
        "mov r11, [r8 + {ptr_bits}]",
        "lea r10, [r11 + r10 * 8]",
        "mov r11, r9",
        "shl r11, cl",
        "or [r10], r11",
        "shr r9, 1",
        "not ecx",
        "shr r9, cl",
        "jz 1f",
        "or [r10 + 8], r9",
        "1:",
        "ret",
        // Several values: the mask of one, over and over, twice as many in each step.
        "3:",
        "mov rcx, [rsi + {ptr_bytes}]",
        "shr ecx, 3",
        "neg ecx",
        "shl r9, cl",
        "shr r9, cl",
        "mov rcx, [rsi]",
        "shr rcx, 3",
        "4:",
        "mov r11, r9",
        "shl r11, cl",
        "or r9, r11",
        "add ecx, ecx",
        "cmp ecx, eax",
        "jb 4b",
        "mov ecx, eax",
        "jmp 2b",
        // Without pointers.
        "5:",
        "cmp rdi, {tiny_bytes}",
        "jb 6f",
        "cmp rax, {fast_classes}",
        "jae 9f",
        "mov r10, [r8 + {classes}]",
        "mov eax, [r10 + rax * 4]",
        "movzx r11d, ax",
        "shr eax, 16",
        "lea r10, [r8 + rax + {noscan_runs}]",
        "mov rax, [r10 + {next}]",
        "add r11, rax",
        "cmp r11, [r10 + {end}]",
        "ja 9f",
        "mov [r10 + {next}], r11",
        "ret",
        // Tiny: aligned to 8, 4, 2 or 1, as the size is.
        "6:",
        "test edi, edi",
        "jz 9f",
        "mov rax, [r8 + {tiny} + {next}]",
        "mov ecx, edi",
        "neg ecx",
        "and ecx, edi",
        // rcx: the size's lowest bit, 1 to 8; rax up to a multiple of it.
        "lea rax, [rax + rcx - 1]",
        "neg rcx",
        "and rax, rcx",
        "lea rcx, [rax + rdi]",
        "cmp rcx, [r8 + {tiny} + {end}]",
        "ja 9f",
        "mov [r8 + {tiny} + {next}], rcx",
        "inc qword ptr [r8 + {tiny_count}]",
        "ret",
        "9:",
        "jmp {slow}",
        cache = const offset_of!(GContext, cache),
        ptr_bytes = const TYPE_PTR_BYTES,
        tflag = const TYPE_TFLAG,
        gc_data = const TYPE_GC_DATA,
        on_demand = const TFLAG_MASK_ON_DEMAND,
        max_ptr_bits_bytes = const MAX_PTR_BITS_BYTES,
        tiny_bytes = const TINY_BYTES,
        fast_classes = const FAST_CLASSES,
        classes = const offset_of!(AllocCache, classes),
        runs = const offset_of!(AllocCache, runs),
        noscan_runs = const offset_of!(AllocCache, runs) + size_of::<SlotRun>(),
        next = const offset_of!(SlotRun, next),
        end = const offset_of!(SlotRun, end),
        ptr_bits = const offset_of!(AllocCache, ptr_bits),
        tiny = const offset_of!(AllocCache, tiny),
        tiny_count = const offset_of!(AllocCache, tiny_count),
        slow = sym mallocgc_slow,
    )
}
