//! The x86-64 half: everything in assembly.
//!
//! Conventions (ARCHITECTURE.md, "Calling convention"): Go code uses Cranelift's `tail`
//! convention. Integer parameters: rdi rsi rdx rcx r8 r9; floats: xmm0–7. Integer
//! results: rax rcx rdx rsi rdi r8 r9 r10; floats: xmm0–7. Preserved by a callee: rbx, rbp,
//! r12–r14. r15 is g.

pub mod alloc;
pub mod barrier;
pub mod bytes;
pub mod cold_call;
pub mod hash;
pub mod leaf;
pub mod morestack;
pub mod preempt;
pub mod stub;
pub mod switch;
pub mod words;
