//! Machine code for IR functions, made with Cranelift.
//!
//! Takes: a finished [`goxide_ir::Function`]. Gives: a [`CompiledFunction`] — code that is
//! position independent but for its relocations, with the tables that `link` merges.
//! Must not know: Go's types, files, where code will lie.

mod object;

pub use object::{CodeReloc, CompiledFunction, LineRow, RelocKind, RelocTarget};
