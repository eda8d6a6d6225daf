//! What the tests of this crate share.
#![allow(dead_code, reason = "each test binary uses a part")]

use goxide_base::{SourceFile, SourceMap};
use goxide_syntax::ast::{File, NodeId};
use goxide_syntax::{ParseMode, Parsed, in_report_order, parse_file};
use std::path::Path;
use std::sync::Arc;

/// Parses `text` as the file `a.go`.
pub fn parse(text: impl AsRef<[u8]>) -> (Arc<SourceFile>, Parsed) {
    let source = SourceMap::new().add(Path::new("a.go"), "a.go", text.as_ref());
    let mode = ParseMode {
        comments: true,
        imports_only: false,
    };
    let parsed = parse_file(&source, NodeId::default(), mode);
    (source, parsed)
}

/// The errors as they are reported, one on a line.
pub fn errors(text: impl AsRef<[u8]>) -> String {
    let (source, parsed) = parse(text);
    let mut out = String::new();
    for error in in_report_order(parsed.errors, &source) {
        let show = |pos: goxide_base::Pos| {
            let at = source.shown(pos.0 - source.base.0);
            format!("{}:{}:{}", at.file, at.line, at.column)
        };
        let msg = goxide_base::show_positions(&error.msg, show);
        out += &format!("{}: {msg}\n", show(error.pos));
    }
    out
}

/// Parses what must have no errors.
pub fn valid(text: &str) -> (Arc<SourceFile>, File) {
    let (source, parsed) = parse(text);
    assert!(parsed.errors.is_empty(), "{}", errors(text));
    (source, parsed.file)
}
