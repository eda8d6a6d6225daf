//! Source files and positions.
//!
//! All files of a session share one 32-bit position space: a file occupies
//! `base ..= base + length`, and a [`Pos`] alone says file, line and column. `//line`
//! directives are kept beside the real positions and applied only when one is shown.

use crate::{IndexVec, define_index};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

define_index! {
    /// A file of the session's [`SourceMap`].
    pub struct FileId = "file";
}

/// A byte position in some file of the session; [`Pos::NONE`] is no position.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Pos(pub u32);

impl Pos {
    /// No position.
    pub const NONE: Pos = Pos(0);

    /// Whether this is a real position.
    pub fn is_some(self) -> bool {
        self.0 != 0
    }

    /// This position inside a message: a placeholder that [`show_positions`] replaces once
    /// it is known how positions are to be shown.
    pub fn in_message(self) -> String {
        format!("{MARK}{}{MARK}", self.0)
    }

    /// The position `bytes` further on in the same file.
    pub fn offset(self, bytes: u32) -> Pos {
        Pos(self.0 + bytes)
    }

    /// This position without the place that its file has in this session: 0 for no position,
    /// else one more than the distance from the file's beginning at `file`.
    ///
    /// # Panics
    /// In builds with debug assertions, if it lies before `file`.
    pub fn in_file(self, file: Pos) -> u32 {
        match self {
            Pos::NONE => 0,
            pos => pos.0 - file.0 + 1,
        }
    }

    /// The position that [`Pos::in_file`] gave `number` for, now that the file begins at
    /// `file`.
    pub fn from_file(file: Pos, number: u32) -> Pos {
        match number {
            0 => Pos::NONE,
            n => file.offset(n - 1),
        }
    }
}

/// Encloses a position in a message. No source text that a message quotes has it: scanners
/// refuse it outside of literals, and literals are quoted.
const MARK: char = '\u{1}';

/// Replaces the positions in a message, put there by [`Pos::in_message`].
pub fn show_positions(message: &str, show: impl Fn(Pos) -> String) -> String {
    let mut pieces = message.split(MARK);
    let mut text = pieces.next().unwrap_or_default().to_string();
    while let Some(mark) = pieces.next() {
        match mark.parse() {
            Ok(pos) => text += &show(Pos(pos)),
            Err(_) => text += mark,
        }
        text += pieces.next().unwrap_or_default();
    }
    text
}

/// A position as people read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineCol {
    /// File name as it is to be shown (after `//line`).
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1; 0 if a `//line` directive left it unknown.
    pub column: u32,
}

/// One file's text and line table.
pub struct SourceFile {
    /// Where the file was read from.
    pub path: PathBuf,
    /// The name shown in messages.
    pub name: Arc<str>,
    /// The text. Not necessarily valid UTF-8.
    pub text: Arc<[u8]>,
    /// Position of the first byte.
    pub base: Pos,
    line_starts: Vec<u32>,
    line_directives: RwLock<Vec<LineDirective>>,
}

struct LineDirective {
    /// Offset of the first byte it governs.
    offset: u32,
    name: Arc<str>,
    line: u32,
    column: u32,
}

impl SourceFile {
    fn new(path: PathBuf, name: Arc<str>, text: Arc<[u8]>, base: Pos) -> SourceFile {
        let mut line_starts = vec![0];
        line_starts.extend(
            text.iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .map(|(i, _)| i as u32 + 1),
        );
        SourceFile {
            path,
            name,
            text,
            base,
            line_starts,
            line_directives: RwLock::default(),
        }
    }

    /// Records a `//line` or `/*line*/` directive: from byte `offset` on, positions count
    /// from `name:line:column` (column 0: unknown). Call in order of offsets.
    pub fn add_line_directive(&self, offset: u32, name: &str, line: u32, column: u32) {
        let directive = LineDirective {
            offset,
            name: name.into(),
            line,
            column,
        };
        self.line_directives
            .write()
            .expect("line table lock")
            .push(directive);
    }

    /// Real line and column (both from 1) of a byte offset.
    pub fn line_col(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        (line as u32, offset - self.line_starts[line - 1] + 1)
    }

    /// The text of a line (from 1) without its newline; empty if there is no such line.
    pub fn line_text(&self, line: u32) -> &[u8] {
        let Some(&start) = self.line_starts.get(line as usize - 1) else {
            return &[];
        };
        let end = self
            .line_starts
            .get(line as usize)
            .map_or(self.text.len(), |&e| e as usize - 1);
        &self.text[start as usize..end]
    }

    /// Position as shown, after `//line` directives.
    pub fn shown(&self, offset: u32) -> LineCol {
        let (line, column) = self.line_col(offset);
        let directives = self.line_directives.read().expect("line table lock");
        let after = directives.partition_point(|d| d.offset <= offset);
        let Some(d) = after.checked_sub(1).map(|i| &directives[i]) else {
            return LineCol {
                file: self.name.clone(),
                line,
                column,
            };
        };
        let (from_line, from_column) = self.line_col(d.offset);
        let column = match (d.column, line == from_line) {
            (0, _) => 0,
            (c, true) => c + (column - from_column),
            (_, false) => column,
        };
        LineCol {
            file: d.name.clone(),
            line: d.line + (line - from_line),
            column,
        }
    }
}

/// All files of a session.
#[derive(Default)]
pub struct SourceMap {
    files: RwLock<IndexVec<FileId, Arc<SourceFile>>>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> SourceMap {
        SourceMap::default()
    }

    /// Adds a file and gives it its range of positions. `name` is what messages show.
    ///
    /// # Panics
    /// If all sources together exceed 4 GiB.
    pub fn add(&self, path: &Path, name: &str, text: impl Into<Arc<[u8]>>) -> Arc<SourceFile> {
        let text = text.into();
        let mut files = self.files.write().expect("source map lock");
        // One position past each end is kept, so that "end of file" is a position too.
        let base = files
            .iter()
            .last()
            .map_or(1, |f| f.base.0 + f.text.len() as u32 + 1);
        let length = u32::try_from(text.len()).expect("source file over 4 GiB");
        base.checked_add(length + 1).expect("sources over 4 GiB");
        let file = Arc::new(SourceFile::new(path.into(), name.into(), text, Pos(base)));
        files.push(file.clone());
        file
    }

    /// The file that holds `pos`, or `None` for [`Pos::NONE`].
    pub fn file(&self, pos: Pos) -> Option<Arc<SourceFile>> {
        let files = self.files.read().expect("source map lock");
        let after = files.as_slice().partition_point(|f| f.base <= pos);
        files.as_slice()[..after].last().cloned()
    }

    /// All files, by ascending positions.
    pub fn all(&self) -> Vec<Arc<SourceFile>> {
        let files = self.files.read().expect("source map lock");
        files.as_slice().to_vec()
    }

    /// `pos` as shown to people, or `None` for [`Pos::NONE`].
    pub fn shown(&self, pos: Pos) -> Option<LineCol> {
        let file = self.file(pos)?;
        Some(file.shown(pos.0 - file.base.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_file_line_and_column() {
        let map = SourceMap::new();
        let a = map.add(Path::new("a.go"), "a.go", &b"package a\n\nvar x int\n"[..]);
        let b = map.add(Path::new("b.go"), "b.go", &b"package a\n"[..]);
        let at = |p: Pos| {
            map.shown(p)
                .map(|l| format!("{}:{}:{}", l.file, l.line, l.column))
        };
        assert_eq!(at(a.base.offset(15)).as_deref(), Some("a.go:3:5"));
        assert_eq!(at(b.base).as_deref(), Some("b.go:1:1"));
        assert_eq!(at(Pos::NONE), None);
        assert_eq!(a.line_text(3), b"var x int");
    }

    #[test]
    fn positions_in_a_file_do_not_depend_on_where_it_lies() {
        let (then, now) = (Pos(1), Pos(500));
        let at = |pos: Pos| (pos.in_file(then), Pos::from_file(now, pos.in_file(then)));
        assert_eq!(at(Pos::NONE), (0, Pos::NONE));
        assert_eq!(at(then), (1, now));
        assert_eq!(at(then.offset(70)), (71, now.offset(70)));
    }

    #[test]
    fn line_directives_move_what_is_shown() {
        let map = SourceMap::new();
        let f = map.add(Path::new("a.go"), "a.go", &b"x\n//line b.y:10\ny\nz\n"[..]);
        f.add_line_directive(16, "b.y", 10, 0);
        let z = f.shown(18);
        assert_eq!((&*z.file, z.line, z.column), ("b.y", 11, 0));
        assert_eq!(f.shown(0).line, 1);
    }
}
