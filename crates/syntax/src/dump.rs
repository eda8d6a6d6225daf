//! A file's tree in the form of Go's own: the nodes and fields of package `go/ast`, as text
//! that is what `ast.Print` prints, or as JSON.
//!
//! The tree is the one that `go/parser` gives with `SkipObjectResolution` and without
//! comments: no `Obj`, `Scope`, `Unresolved`, `Doc`. Files with errors have no such form.

mod json;
mod stmt;
mod text;
mod tree;
mod value;

use crate::ast::File;
use goxide_base::SourceFile;

/// The tree as `ast.Print` prints it, with numbered lines.
pub fn to_text(file: &File, source: &SourceFile) -> String {
    text::render(&tree::file(file, source), source)
}

/// The tree as JSON: each node an object whose `node` is its type, positions `line:column`.
pub fn to_json(file: &File, source: &SourceFile) -> String {
    json::render(&tree::file(file, source), source)
}
