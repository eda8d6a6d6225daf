//! Numbers of the calling convention (ARCHITECTURE.md, "Calling convention").
//!
//! Registers, in order: integer parameters rdi, rsi, rdx, rcx, r8, r9; float parameters
//! xmm0–xmm7; integer results rax, rcx, rdx, rsi, rdi, r8, r9, r10; float results
//! xmm0–xmm7. A called function preserves rbx, rbp, r12–r14 and r15 (g). At entry rax, r10
//! and r11 are free, at return r11.
//!
//! With more than six integer words, or more than eight floats, an argument block holds
//! the rest: integer words first, then floats, 8 bytes each. Its address takes the integer
//! register behind the integers that stay in registers: the sixth, or an earlier one if
//! only floats overflow and there are fewer than five integers.

/// A Go type with more scalar components than this is passed and kept in memory.
pub const MAX_COMPONENTS: usize = 6;
/// Integer and pointer parameters that travel in registers.
pub const MAX_INT_PARAMS: usize = 6;
/// Floating-point parameters that travel in registers.
pub const MAX_FLOAT_PARAMS: usize = 8;
/// Integer and pointer results that travel in registers.
pub const MAX_INT_RESULTS: usize = 8;
/// Floating-point results that travel in registers.
pub const MAX_FLOAT_RESULTS: usize = 8;
/// Accesses at this offset or beyond from a possibly nil pointer need an explicit check;
/// the runtime never maps the first page.
pub const NIL_PAGE_BYTES: u64 = 4096;
/// Space in bytes that every stack segment keeps below `stack_limit`: what leaf stubs,
/// `morestack`'s register save area and a signal-injected call may use.
pub const STACK_MARGIN_BYTES: usize = 1024;
/// Frames larger than this compare `rsp - frame` instead of `rsp` with the limit.
pub const SMALL_FRAME_BYTES: usize = 512;
/// Go's limit on one goroutine's stack.
pub const MAX_STACK_BYTES: usize = 1_000_000_000;

// How code enters and leaves the runtime.
//
// * Runtime calls (`runtime.NAME`) are called with the `tail` convention like everything
//   else: parameters rdi rsi rdx rcx r8 r9, results rax rcx; rbx, rbp, r12–r15 are kept.
// * The slow path of a prefix jumps to `runtime.morestack` with r11 = address of the body
//   and r10 = bytes that the frame needs, or r10 = 0 for at most [`SMALL_FRAME_BYTES`].
//   All argument registers stay live.
