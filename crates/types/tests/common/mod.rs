//! Checks one-file packages given as text.
#![allow(dead_code, reason = "each test binary uses a part")]

use expect_test::Expect;
use goxide_base::{SourceMap, show_positions};
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, parse_file};
use goxide_types::{PackageInput, PkgId, Program};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// A checked package.
pub struct Checked {
    pub program: Program,
    pub pkg: PkgId,
    pub map: SourceMap,
}

/// Checks a package with these declarations, which begin on line 2.
pub fn package(text: &str) -> Checked {
    package_with(text, false)
}

/// The same; a package with lazy bodies is checked only as far as it is used.
pub fn package_with(text: &str, lazy_bodies: bool) -> Checked {
    let map = SourceMap::new();
    let source = map.add(
        Path::new("a.go"),
        "a.go",
        format!("package p\n{text}\n").into_bytes(),
    );
    let parsed = parse_file(&source, NodeId::default(), ParseMode::default());
    let mut program = Program::new();
    let nodes = parsed.next_id.0 as usize;
    let input = PackageInput::new("p", vec![Arc::new(parsed.file)], nodes);
    let pkg = program.add_package(PackageInput {
        lazy_bodies,
        ..input
    });
    Checked { program, pkg, map }
}

/// The errors of a package, one by line, related places indented.
pub fn errors(text: &str) -> String {
    let c = package(text);
    let mut out = String::new();
    let at = |pos| {
        c.map
            .shown(pos)
            .map_or("?".into(), |l| format!("{}:{}", l.line, l.column))
    };
    let mut errors: Vec<_> = c.program.pkg(c.pkg).errors.iter().collect();
    errors.sort_by_key(|e| e.pos);
    for e in errors {
        let msg = show_positions(&e.msg, |pos| format!("a.go:{}", at(pos)));
        let _ = writeln!(out, "{}: {msg}", at(e.pos));
        for (pos, text) in &e.related {
            let _ = writeln!(out, "\t{}: {text}", at(*pos));
        }
    }
    out
}

/// Compares the errors of a package with what is expected.
pub fn check(text: &str, expect: Expect) {
    expect.assert_eq(&errors(text));
}
