//! The tree as JSON.

use super::value::{Node, Value};
use goxide_base::SourceFile;
use std::fmt::Write;

pub(super) fn render(value: &Value, source: &SourceFile) -> String {
    let mut out = Json {
        out: String::new(),
        source,
    };
    out.out.push_str("{\"file\":");
    out.string(&source.name);
    out.out.push_str(",\"ast\":");
    out.value(value);
    out.out.push_str("}\n");
    out.out
}

struct Json<'a> {
    out: String,
    source: &'a SourceFile,
}

impl Json<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Node(node) => self.node(node),
            Value::Import(n) => {
                let _ = write!(self.out, "{{\"import\":{n}}}");
            }
            Value::Slice(_, list) => {
                self.out.push('[');
                for (i, element) in list.iter().enumerate() {
                    self.out.push_str(if i > 0 { "," } else { "" });
                    self.value(element);
                }
                self.out.push(']');
            }
            Value::Pos(pos) if pos.is_some() => {
                let (line, column) = self.source.line_col(pos.0 - self.source.base.0);
                let _ = write!(self.out, "\"{line}:{column}\"");
            }
            Value::Pos(_) => self.out.push_str("null"),
            Value::Str(text) | Value::Token(text) => self.string(text),
            Value::Bool(value) => {
                let _ = write!(self.out, "{value}");
            }
        }
    }

    fn node(&mut self, node: &Node) {
        let _ = write!(self.out, "{{\"node\":\"{}\"", node.name);
        for (name, value) in &node.fields {
            let _ = write!(self.out, ",\"{name}\":");
            self.value(value);
        }
        self.out.push('}');
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            let _ = match c {
                '"' | '\\' => write!(self.out, "\\{c}"),
                '\n' => write!(self.out, "\\n"),
                '\t' => write!(self.out, "\\t"),
                c if c < ' ' => write!(self.out, "\\u{:04x}", c as u32),
                c => write!(self.out, "{c}"),
            };
        }
        self.out.push('"');
    }
}
