//! The form of `ast.Print`: numbered lines, `.  ` for each level, `*(obj @ n)` for a pointer
//! to what was shown at line n.

use super::value::{Node, Value};
use crate::scan::go_quoted;
use goxide_base::{FxHashMap, Pos, SourceFile};
use std::fmt::Write;

pub(super) fn render(value: &Value, source: &SourceFile) -> String {
    let mut out = Text {
        out: String::new(),
        line: 0,
        indent: 0,
        imports: FxHashMap::default(),
        source,
    };
    out.begin_line();
    out.value(value);
    out.out.push('\n');
    out.out
}

struct Text<'a> {
    out: String,
    line: usize,
    indent: usize,
    /// At which line each import declaration is shown.
    imports: FxHashMap<usize, usize>,
    source: &'a SourceFile,
}

impl Text<'_> {
    fn begin_line(&mut self) {
        let _ = write!(self.out, "{:6}  ", self.line);
        self.out.push_str(&".  ".repeat(self.indent));
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.line += 1;
        self.begin_line();
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Node(node) => self.node(node),
            Value::Import(n) => {
                let line = self.imports.get(n).copied().unwrap_or_default();
                let _ = write!(self.out, "*(obj @ {line})");
            }
            Value::Slice(name, list) => {
                let _ = write!(self.out, "{name} (len = {}) {{", list.len());
                self.indent += 1;
                for (i, element) in list.iter().enumerate() {
                    self.new_line();
                    let _ = write!(self.out, "{i}: ");
                    self.value(element);
                }
                self.close();
            }
            Value::Pos(pos) => self.pos(*pos),
            Value::Str(text) => self.out.push_str(&go_quoted(text)),
            Value::Token(text) => self.out.push_str(text),
            Value::Bool(value) => {
                let _ = write!(self.out, "{value}");
            }
        }
    }

    fn node(&mut self, node: &Node) {
        if let Some(n) = node.import {
            self.imports.insert(n, self.line);
        }
        let _ = write!(self.out, "*ast.{} {{", node.name);
        self.indent += 1;
        for (name, value) in &node.fields {
            self.new_line();
            let _ = write!(self.out, "{name}: ");
            self.value(value);
        }
        self.close();
    }

    fn close(&mut self) {
        self.indent -= 1;
        self.new_line();
        self.out.push('}');
    }

    fn pos(&mut self, pos: Pos) {
        if !pos.is_some() {
            self.out.push('-');
            return;
        }
        let offset = pos.0 - self.source.base.0;
        // Go has no line after a last newline: the end of a file is on the line it ends.
        let past_end =
            offset as usize == self.source.text.len() && self.source.text.ends_with(b"\n");
        let mut at = self.source.shown(offset - u32::from(past_end));
        if past_end && at.column > 0 {
            at.column += 1;
        }
        if !at.file.is_empty() {
            let _ = write!(self.out, "{}:", at.file);
        }
        let _ = write!(self.out, "{}", at.line);
        if at.column > 0 {
            let _ = write!(self.out, ":{}", at.column);
        }
    }
}
