//! The errors of a package as gc keeps them: of the syntax errors on a line the first, of
//! equal other ones in a row on a line the first, ten at most unless all are asked for;
//! shown in the order of their positions.

use crate::positions::Positions;
use goxide_base::Pos;

/// How many errors of a package are shown unless all are asked for.
const SHOWN: usize = 10;

/// A package's errors, added in the order in which they are found.
pub struct ErrorList<'a> {
    positions: &'a Positions,
    all: bool,
    kept: Vec<(Pos, String)>,
    last_syntax_line: Option<Pos>,
    last_other: Option<(Pos, String)>,
    /// The last line, once there are too many.
    end: Option<String>,
}

impl<'a> ErrorList<'a> {
    /// No errors yet; `all`: keep more than ten.
    pub fn new(positions: &'a Positions, all: bool) -> ErrorList<'a> {
        ErrorList {
            positions,
            all,
            kept: Vec::new(),
            last_syntax_line: None,
            last_other: None,
            end: None,
        }
    }

    /// Whether there are no errors.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Adds an error and what stands below it.
    pub fn add(&mut self, pos: Pos, message: &str, related: &[(Pos, String)]) {
        if self.end.is_some() || self.is_said(pos, message) {
            return;
        }
        let mut text = self.positions.message(pos, message);
        for (pos, message) in related {
            text += &format!("\n\t{}", self.positions.message(*pos, message));
        }
        self.kept.push((pos, text));
        if self.kept.len() >= SHOWN && !self.all {
            self.end = Some(self.positions.message(pos, "too many errors"));
        }
    }

    /// Whether an error was said already; remembers it.
    fn is_said(&mut self, pos: Pos, message: &str) -> bool {
        let line = self.positions.line_start(pos);
        if message.starts_with("syntax error") {
            return self.last_syntax_line.replace(line) == Some(line);
        }
        let this = Some((line, message.to_string()));
        if self.last_other == this {
            return true;
        }
        self.last_other = this;
        false
    }

    /// The lines to show.
    pub fn messages(mut self) -> Vec<String> {
        self.kept.sort_by_key(|(pos, _)| *pos);
        let mut messages: Vec<String> = self.kept.into_iter().map(|(_, text)| text).collect();
        messages.dedup();
        messages.extend(self.end);
        messages
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn errors_are_kept_as_gc_keeps_them() {
        let positions = Positions::new(Path::new("/w"), Path::new("/go"));
        let text = "one two three\n".repeat(12);
        let source = positions
            .sources
            .add(Path::new("/w/a.go"), "/w/a.go", text.into_bytes());
        let at = |line: u32, column: u32| source.base.offset((line - 1) * 14 + column - 1);
        let mut list = ErrorList::new(&positions, false);
        list.add(at(3, 1), "b", &[(at(1, 1), "see".into())]);
        list.add(at(2, 1), "syntax error: x", &[]);
        list.add(at(2, 5), "syntax error: y", &[]);
        list.add(at(4, 1), "a", &[]);
        list.add(at(4, 5), "a", &[]);
        list.add(at(4, 9), "other", &[]);
        let shown = list.messages();
        let want = [
            "./a.go:2:1: syntax error: x",
            "./a.go:3:1: b\n\t./a.go:1:1: see",
            "./a.go:4:1: a",
            "./a.go:4:9: other",
        ];
        assert_eq!(shown, want);

        let mut list = ErrorList::new(&positions, false);
        for line in (1..=12).rev() {
            list.add(at(line, 1), "e", &[]);
        }
        let shown = list.messages();
        assert_eq!(shown.len(), 11);
        assert_eq!(shown[0], "./a.go:3:1: e");
        assert_eq!(shown[10], "./a.go:3:1: too many errors");
    }
}
