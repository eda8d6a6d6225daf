//! What comments say to the compiler: `//go:` and `//line` directives, and which comment
//! documents a declaration.

use super::Scanner;
use crate::ast::{Comment, Directive};
use goxide_base::Symbol;
use std::path::{Component, Path, PathBuf};

/// The greatest line or column number that `//line` may give.
const MAX_LINE: u32 = 1 << 30;

impl Scanner<'_> {
    /// Looks at the comment from the token's start to the current offset.
    pub(super) fn note_comment(&mut self) {
        let text = &self.text[self.start..self.at];
        if text.starts_with("//go:") {
            self.go_directive(text[2..].trim_end_matches('\r'));
        } else if self.line_directives && text[2..].starts_with("line ") {
            self.line_directive(text);
        }
        let comment = Comment {
            pos: self.pos_at(self.start),
            end: self.pos_at(self.at),
        };
        if self.keep_comments {
            self.comments.push(comment);
        }
        self.doc = match self.doc {
            Some(doc) if self.newlines_between(doc.end, comment.pos) <= 1 => Some(Comment {
                pos: doc.pos,
                end: comment.end,
            }),
            _ => Some(comment),
        };
    }

    /// Forgets the last comment if it does not end on the line before the current token.
    #[cold]
    pub(super) fn drop_distant_doc(&mut self) {
        let distant = |doc: &Comment| self.newlines_between(doc.end, self.pos) > 1;
        if self.doc.as_ref().is_some_and(distant) {
            self.doc = None;
        }
    }

    fn newlines_between(&self, from: goxide_base::Pos, to: goxide_base::Pos) -> usize {
        let base = self.source.base.0;
        let between = &self.source.text[(from.0 - base) as usize..(to.0 - base) as usize];
        between.iter().filter(|b| **b == b'\n').count()
    }

    fn go_directive(&mut self, text: &str) {
        let before = &self.text.as_bytes()[..self.start];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
        let directive = Directive {
            pos: self.pos_at(self.start + 2),
            text: Symbol::intern(text),
            own_line: before[line_start..].iter().all(|b| b.is_ascii_whitespace()),
        };
        self.pending.push(directive);
        self.directives.push(directive);
    }

    /// Handles `//line name:line`, `//line name:line:column` and the same in `/* */`. The
    /// first form counts only at the start of a line, the other only within one.
    fn line_directive(&mut self, comment: &str) {
        let before = self.text.as_bytes()[..self.start].last();
        let (text, next) = match comment.strip_prefix("//") {
            Some(text) if before.is_none_or(|b| *b == b'\n') => {
                (text.trim_end_matches('\r'), self.at + 1)
            }
            None if !comment.contains('\n') && comment.ends_with("*/") => {
                (&comment[2..comment.len() - 2], self.at)
            }
            _ => return,
        };
        let offset = self.start + 2 + "line ".len();
        match parse_line_directive(&text["line ".len()..]) {
            LineDirective::None => {}
            LineDirective::Bad { at, msg } => self.error_at(offset + at, msg),
            LineDirective::Good { name, line, column } => {
                let name = match name {
                    "" if column > 0 => self
                        .line_name
                        .clone()
                        .unwrap_or_else(|| self.source.name.to_string()),
                    "" => String::new(),
                    name => self.resolve_name(name),
                };
                let next = self.clean.real_offset(next as u32);
                self.source.add_line_directive(next, &name, line, column);
                self.line_name = Some(name);
            }
        }
    }

    /// A relative name is relative to the file's directory.
    fn resolve_name(&self, name: &str) -> String {
        let path = match Path::new(&*self.source.name).parent() {
            Some(dir) => dir.join(name),
            None => name.into(),
        };
        normalized(&path).to_string_lossy().into_owned()
    }
}

/// The path without `.` and with `..` resolved by its text alone.
fn normalized(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::RootDir) => {}
                _ => out.push(".."),
            },
            part => out.push(part),
        }
    }
    if out.as_os_str().is_empty() {
        ".".into()
    } else {
        out
    }
}

enum LineDirective<'a> {
    /// It only looks like one.
    None,
    Bad {
        at: usize,
        msg: String,
    },
    Good {
        name: &'a str,
        line: u32,
        column: u32,
    },
}

/// Parses what follows `line `.
fn parse_line_directive(text: &str) -> LineDirective<'_> {
    let Some((rest, last)) = split_number(text) else {
        return LineDirective::None;
    };
    let at = rest.len() + 1;
    let Some(last) = last else {
        return LineDirective::Bad {
            at,
            msg: format!("invalid line number: {}", &text[at..]),
        };
    };
    let (name, line, column, line_at) = match split_number(rest) {
        Some((name, Some(line))) => {
            if last == 0 || last > MAX_LINE {
                let msg = format!("invalid column number: {}", &text[at..]);
                return LineDirective::Bad { at, msg };
            }
            (name, line, last, name.len() + 1)
        }
        _ => (rest, last, 0, at),
    };
    if line == 0 || line > MAX_LINE {
        let end = if column > 0 { rest.len() } else { text.len() };
        let msg = format!("invalid line number: {}", &text[line_at..end]);
        return LineDirective::Bad { at: line_at, msg };
    }
    LineDirective::Good { name, line, column }
}

/// Splits at the last colon; the number is `None` if what follows the colon is none, and
/// beyond [`MAX_LINE`] if it is too large.
fn split_number(text: &str) -> Option<(&str, Option<u32>)> {
    let (rest, digits) = text.rsplit_once(':')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let number = is_number.then(|| digits.parse().unwrap_or(u32::MAX));
    Some((rest, number))
}
