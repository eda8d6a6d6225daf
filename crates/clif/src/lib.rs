//! Machine code for IR functions, made with Cranelift.
//!
//! Takes: a finished [`goxide_ir::Function`]. Gives: a [`CompiledFunction`] — code that is
//! position independent but for its relocations, with the tables that `link` merges.
//! Must not know: Go's types, files, where code will lie.
//!
//! What compiled code asks of the runtime:
//!
//! - r15 is g. Everything else is as in System V for callee-saved registers (rbx, rbp,
//!   r12–r14 survive a call). Parameters come in rdi, rsi, rdx, rcx, r8, r9 and
//!   xmm0–xmm7; results leave in rax, rcx, rdx, rsi, rdi, r8, r9, r10 and xmm0–xmm7.
//!   r11 (and at entry rax and r10) is free.
//! - A prefix goes to `runtime.morestack` with r11 = the body's address and r10 = the bytes
//!   of stack the frame needs, 0 if at most [`goxide_abi::SMALL_FRAME_BYTES`]. Parameter
//!   registers and callee-saved ones are live then.
//! - Runtime calls (`runtime.NAME`) are called by System V; their stubs preserve r15, rbx,
//!   rbp and r12–r14. Failed checks call [`goxide_abi::PanicKind::handler`], a Go function
//!   without parameters, with the operands in g.
//! - `g.closure_ctx` and `g.tail_args` may hold the only reference to an object between
//!   the instructions of a call sequence: they are roots.

mod backend;
mod convention;
mod finish;
mod layout;
mod listing;
mod object;
mod post;
mod prefix;
mod stale;
mod translate;

pub use backend::{Backend, CodegenError, CpuLevel, OptLevel, Options};
pub use listing::{Source, listing};
pub use object::{CodeReloc, CompiledFunction, LineRow, RelocKind, RelocTarget};
