//! Go source text to syntax tree.
//!
//! Takes: a [`goxide_base::SourceFile`]. Gives: an [`ast::File`], always, and a list of
//! errors worded as Go's compiler words them; also trees as text.
//! Must not know: what names mean, types, packages, build tags, the file system.

pub mod ast;
mod branches;
mod constraint;
pub mod dump;
mod error;
pub mod literal;
mod parse;
mod print;
mod scan;
mod token;
pub mod visit;

pub use constraint::Constraint;
pub use error::{SyntaxError, in_report_order};
pub use parse::{MAX_CHAIN, MAX_DEPTH, ParseMode, Parsed, parse_declarations, parse_file};
pub use print::{expr_string, signature_string, stmt_string};
