//! Go's own tests of its parser: files with `/* ERROR pattern */` comments, each before the
//! token at which the error must be.

use goxide_base::{SourceFile, SourceMap, show_positions};
use goxide_load::{GoEnv, Sdk};
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, parse_file};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where an error is expected: line and column, or column 0 for anywhere on the line.
type Expected = BTreeMap<(u32, u32), String>;

/// Runs all files; true if all pass.
pub fn run() -> bool {
    let Ok(sdk) = Sdk::find(&GoEnv::from_process()) else {
        eprintln!("no Go source tree found");
        return false;
    };
    let folder = sdk.src().join("cmd/compile/internal/syntax/testdata");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_file()).collect();
    files.sort();
    let mut passed = 0;
    for file in &files {
        let mut failures = vec![];
        check_file(file, &mut failures);
        passed += usize::from(failures.is_empty());
        failures.iter().for_each(|f| println!("  {f}"));
    }
    println!("parser: {passed} passed, {} failed", files.len() - passed);
    passed == files.len() && passed > 0
}

fn check_file(path: &Path, failures: &mut Vec<String>) {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let Ok(text) = std::fs::read(path) else {
        failures.push(format!("{name}: cannot be read"));
        return;
    };
    let source = SourceMap::new().add(path, &name, text);
    let mode = ParseMode {
        comments: true,
        imports_only: false,
    };
    let parsed = parse_file(&source, NodeId::default(), mode);
    let mut expected = expectations(&source, &parsed.file.comments);
    for error in parsed.errors {
        let msg = show_positions(&error.msg, |pos| {
            let (line, column) = source.line_col(pos.0 - source.base.0);
            format!("{name}:{line}:{column}")
        });
        let (line, column) = source.line_col(error.pos.0 - source.base.0);
        let key = if expected.contains_key(&(line, column)) {
            column
        } else {
            0
        };
        match expected.remove(&(line, key)) {
            Some(pattern) if matches(&pattern, &msg) => {}
            Some(pattern) => {
                failures.push(format!(
                    "{name}:{line}:{column}: {msg} does not match {pattern}"
                ));
            }
            None => failures.push(format!("{name}:{line}:{column}: unexpected: {msg}")),
        }
    }
    for ((line, _), pattern) in expected {
        failures.push(format!("{name}:{line}: missing: {pattern}"));
    }
}

fn expectations(source: &SourceFile, comments: &[goxide_syntax::ast::Comment]) -> Expected {
    let mut expected = Expected::new();
    for comment in comments {
        let range =
            (comment.pos.0 - source.base.0) as usize..(comment.end.0 - source.base.0) as usize;
        let text = String::from_utf8_lossy(&source.text[range.clone()]).into_owned();
        if let Some(pattern) = text.strip_prefix("// ERROR ") {
            let (line, _) = source.line_col(range.start as u32);
            expected.insert((line, 0), pattern.trim().into());
        } else if let Some(pattern) = text.strip_prefix("/* ERROR ") {
            let pattern = pattern.trim_end_matches("*/").trim().to_owned();
            expected.insert(source.line_col(next_token(source, range.end)), pattern);
        }
    }
    expected
}

/// The offset of the token after a comment: of the semicolon that a newline stands for, if
/// one does.
fn next_token(source: &SourceFile, end: usize) -> u32 {
    let text = &source.text;
    let mut at = end;
    loop {
        while at < text.len() && text[at].is_ascii_whitespace() && text[at] != b'\n' {
            at += 1;
        }
        let rest = &text[at.min(text.len())..];
        if rest.starts_with(b"/*") {
            let close = rest
                .windows(2)
                .position(|w| w == b"*/")
                .map_or(rest.len(), |i| i + 2);
            at += close;
        } else if rest.starts_with(b"\n") && !ends_statement(&text[..end]) {
            at += 1;
        } else {
            return at as u32;
        }
    }
}

/// Whether a newline after `before`, comments aside, ends a statement.
fn ends_statement(before: &[u8]) -> bool {
    let mut before = before.trim_ascii_end();
    while before.ends_with(b"*/") {
        let start = before.windows(2).rposition(|w| w == b"/*").unwrap_or(0);
        before = before[..start].trim_ascii_end();
    }
    before
        .last()
        .is_some_and(|b| b.is_ascii_alphanumeric() || b")]}_\"'`".contains(b))
}

/// Matches the regular expressions that these files use: literal text with `.*`, with `|` on
/// the top level, a final `$`, and punctuation that is escaped or in brackets.
fn matches(pattern: &str, msg: &str) -> bool {
    pattern.split('|').any(|alternative| {
        let open = alternative.strip_suffix('$');
        let mut rest = msg;
        let found = open.unwrap_or(alternative).split(".*").all(|piece| {
            let piece = piece.replace("[.]", ".").replace('\\', "");
            let at = rest.find(&piece);
            rest = at.map_or("", |i| &rest[i + piece.len()..]);
            at.is_some()
        });
        found && (open.is_none() || rest.is_empty())
    })
}
