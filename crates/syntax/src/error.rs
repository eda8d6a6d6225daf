//! Errors as plain data.

use goxide_base::{Pos, SourceFile};

/// Something wrong with a file's syntax.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where.
    pub pos: Pos,
    /// What, as Go's compiler says it; most begin with `syntax error: `.
    pub msg: String,
}

/// The errors as Go's compiler reports them: of consecutive syntax errors on one line only
/// the first, sorted by position, without duplicates.
pub fn in_report_order(mut errors: Vec<SyntaxError>, source: &SourceFile) -> Vec<SyntaxError> {
    let line = |pos: Pos| source.line_col(pos.0 - source.base.0).0;
    let mut last_line = 0;
    errors.retain(|e| {
        if !e.msg.starts_with("syntax error") {
            return true;
        }
        line(e.pos) != std::mem::replace(&mut last_line, line(e.pos))
    });
    errors.sort_by_key(|e| e.pos);
    errors.dedup();
    errors
}
