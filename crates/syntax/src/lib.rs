//! Go source text to syntax tree.
//!
//! Takes: a [`goxide_base::SourceFile`]. Gives: an [`ast::File`], always, and a list of
//! errors worded as Go's compiler words them; also trees as text.
//! Must not know: what names mean, types, packages, build tags, the file system.

pub mod ast;
pub mod literal;
mod print;
pub mod visit;

pub use print::{expr_string, signature_string, stmt_string};
