//! The ERROR comments of Go's own type checker tests: errors must come on exactly the lines
//! that have them. A comment belongs to the token before it. Lines that are known to differ
//! stand in `tests/go-types/failing.tsv`, each with the reason.

use crate::packages::{add_all, graph, show};
use goxide_base::{FxHashMap, SourceMap, Symbol, show_positions};
use goxide_load::{GoEnv, Overlay, Sdk};
use goxide_syntax::ast::{File, NodeId};
use goxide_syntax::{ParseMode, parse_file};
use goxide_types::{GoVersion, PackageInput, PkgId, Program};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Expected and found errors by file and line.
type Lines = BTreeMap<(String, u32), Vec<String>>;

/// The lines that are known to differ: `file:line`, a tab and the reason.
const KNOWN: &str = include_str!("../../../../tests/go-types/failing.tsv");

/// Runs all test files, or those whose path contains one of `filters`.
pub fn run(filters: &[String]) -> bool {
    let Ok(sdk) = Sdk::find(&GoEnv::from_process()) else {
        eprintln!("no Go source tree found");
        return false;
    };
    let root = sdk.src().join("internal/types/testdata");
    let mut tests = Vec::new();
    for folder in ["check", "examples", "fixedbugs", "spec"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
            continue;
        };
        tests.extend(entries.flatten().map(|e| e.path()));
    }
    tests.sort();
    tests.retain(|t| {
        let text = t.to_string_lossy();
        filters.is_empty() || filters.iter().any(|f| text.contains(f.as_str()))
    });
    let map = SourceMap::new();
    let mut program = Program::new();
    let library = add_imports(&mut program, &map, &tests);
    let mut known = known_differences();
    known.retain(|line, _| filters.is_empty() || filters.iter().any(|f| line.contains(f)));
    let (mut passed, mut excused, mut expected) = (0, 0, 0);
    for test in &tests {
        // A panic is a failure of this test, not of all.
        let run =
            std::panic::AssertUnwindSafe(|| run_test(&mut program, &map, &library, test, &root));
        let outcome = std::panic::catch_unwind(run).unwrap_or_else(|_| Outcome {
            expected: 0,
            problems: vec![(String::new(), "PANIC".into())],
        });
        expected += outcome.expected;
        let differs = !outcome.problems.is_empty();
        let mut problems = outcome.problems;
        problems.retain(|(line, _)| known.remove(line.as_str()).is_none());
        passed += usize::from(!differs);
        excused += usize::from(differs && problems.is_empty());
        if !problems.is_empty() {
            println!(
                "FAIL {}",
                test.strip_prefix(&root).unwrap_or(test).display()
            );
            problems
                .iter()
                .for_each(|(line, what)| println!("  {line}: {what}"));
        }
    }
    for (line, why) in &known {
        println!("is right, although known to differ: {line}: {why}");
    }
    let failed = tests.len() - passed - excused;
    println!(
        "types: {passed} passed, {failed} failed, {excused} with known differences; \
         {expected} errors expected"
    );
    failed == 0 && known.is_empty() && passed > 0
}

/// What [`KNOWN`] says.
fn known_differences() -> BTreeMap<&'static str, &'static str> {
    let lines = KNOWN.lines().filter(|l| !l.starts_with('#'));
    lines.filter_map(|l| l.split_once('\t')).collect()
}

struct Outcome {
    expected: usize,
    /// Each with its file and line.
    problems: Vec<(String, String)>,
}

/// The files of a test: itself, or those of a folder.
fn files_of(test: &Path) -> Vec<PathBuf> {
    if !test.is_dir() {
        return vec![test.to_path_buf()];
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(test)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    files.sort();
    files
}

/// Adds the library packages that the tests import.
fn add_imports(
    program: &mut Program,
    map: &SourceMap,
    tests: &[PathBuf],
) -> FxHashMap<String, PkgId> {
    let mut paths = Vec::new();
    for path in tests.iter().flat_map(|t| files_of(t)) {
        let Ok(text) = std::fs::read(&path) else {
            continue;
        };
        let source = SourceMap::new().add(&path, "x.go", text);
        let mode = ParseMode {
            imports_only: true,
            ..ParseMode::default()
        };
        let file = parse_file(&source, NodeId::default(), mode).file;
        paths.extend(file.imports().filter_map(|i| i.path_value()));
    }
    let plain = |p: &Symbol| {
        let p = p.as_str();
        !p.is_empty()
            && p != "C"
            && p != "unsafe"
            && p.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'/')
    };
    paths.retain(plain);
    paths.sort_by_key(|p| p.as_str());
    paths.dedup();
    let mut patterns: Vec<String> = Vec::new();
    for p in paths {
        let one = [p.to_string()];
        if graph(&one, Overlay::default()).is_some() {
            patterns.extend(one);
        }
    }
    match graph(&patterns, Overlay::default()) {
        Some(graph) => add_all(program, map, &graph, false),
        None => FxHashMap::default(),
    }
}

fn run_test(
    program: &mut Program,
    map: &SourceMap,
    library: &FxHashMap<String, PkgId>,
    test: &Path,
    root: &Path,
) -> Outcome {
    let mut next = NodeId::default();
    let mut files: Vec<Arc<File>> = Vec::new();
    let (mut want, mut got) = (Lines::new(), Lines::new());
    let mut version = GoVersion::NONE;
    for (i, path) in files_of(test).iter().enumerate() {
        let Ok(text) = std::fs::read(path) else {
            continue;
        };
        let name = path
            .strip_prefix(root)
            .unwrap_or(path)
            .display()
            .to_string();
        if i == 0 {
            version = lang_flag(&text);
        }
        expected_errors(&name, &text, &mut want);
        let source = map.add(path, &name, text);
        let parsed = parse_file(&source, next, ParseMode::default());
        next = parsed.next_id;
        for e in parsed.errors {
            let msg = show_positions(&e.msg, |pos| show(map, pos));
            add(map, &mut got, e.pos, msg);
        }
        files.push(Arc::new(parsed.file));
    }
    let mut input = PackageInput::new(&test.display().to_string(), files, next.0 as usize);
    input.go_version = version;
    input.allow_bodyless = true;
    input.checker_tests = true;
    input.imports = library
        .iter()
        .map(|(p, &id)| (Symbol::intern(p), id))
        .collect();
    let id = program.add_package(input);
    for e in &program.pkg(id).errors {
        let msg = show_positions(&e.msg, |pos| show(map, pos));
        add(map, &mut got, e.pos, msg);
    }
    compare(&want, &got)
}

fn add(map: &SourceMap, lines: &mut Lines, pos: goxide_base::Pos, msg: String) {
    let key = match map.file(pos) {
        Some(f) => (f.name.to_string(), f.line_col(pos.0 - f.base.0).0),
        None => (show(map, pos), 0),
    };
    lines.entry(key).or_default().push(msg);
}

fn compare(want: &Lines, got: &Lines) -> Outcome {
    let mut problems = Vec::new();
    let line = |key: &(String, u32)| format!("{}:{}", key.0, key.1);
    for (key, msgs) in want {
        let found = got.get(key).map_or(0, Vec::len);
        if found < msgs.len() {
            let got = got.get(key).cloned().unwrap_or_default();
            problems.push((line(key), format!("missing {msgs:?}, got {got:?}")));
        }
    }
    for (key, msgs) in got {
        let wanted = want.get(key).map_or(0, Vec::len);
        if wanted < msgs.len() {
            let want = want.get(key).cloned().unwrap_or_default();
            problems.push((line(key), format!("unexpected {msgs:?}, want {want:?}")));
        }
    }
    Outcome {
        expected: want.values().map(Vec::len).sum(),
        problems,
    }
}

/// The version of a first line like `// -lang=go1.17`.
fn lang_flag(text: &[u8]) -> GoVersion {
    let line = text.split(|&b| b == b'\n').next().unwrap_or(&[]);
    let line = String::from_utf8_lossy(line);
    let flag = line
        .strip_prefix("//")
        .and_then(|l| l.split_whitespace().find_map(|w| w.strip_prefix("-lang=")));
    flag.and_then(GoVersion::parse).unwrap_or_default()
}

/// Collects ERROR comments, each with the line of the token before it.
fn expected_errors(name: &str, text: &[u8], want: &mut Lines) {
    let mut line = 1u32;
    let mut token_line = 0u32;
    let mut i = 0;
    while i < text.len() {
        let rest = &text[i..];
        let start = line;
        let len = match rest[0] {
            b'/' if rest.starts_with(b"//") => {
                let n = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                note(name, &rest[2..n], token_line, want);
                n
            }
            b'/' if rest.starts_with(b"/*") => {
                let end = rest.windows(2).skip(2).position(|w| w == b"*/");
                let n = end.map_or(rest.len(), |n| n + 4);
                note(name, &rest[2..n.saturating_sub(2).max(2)], token_line, want);
                n
            }
            quote @ (b'"' | b'\'' | b'`') => {
                token_line = start;
                literal_len(rest, quote)
            }
            b' ' | b'\t' | b'\r' | b'\n' => 1,
            _ => {
                token_line = start;
                1
            }
        };
        line += rest[..len].iter().filter(|&&b| b == b'\n').count() as u32;
        i += len;
    }
}

fn literal_len(text: &[u8], quote: u8) -> usize {
    let mut i = 1;
    while i < text.len() {
        match text[i] {
            b if b == quote => return i + 1,
            b'\\' if quote != b'`' => i += 2,
            b'\n' if quote != b'`' => return i,
            _ => i += 1,
        }
    }
    text.len()
}

fn note(name: &str, comment: &[u8], line: u32, want: &mut Lines) {
    let comment = String::from_utf8_lossy(comment);
    if let Some(pattern) = comment
        .strip_prefix(" ERROR ")
        .or_else(|| comment.strip_prefix(" ERRORx "))
    {
        let key = (name.to_string(), line);
        want.entry(key)
            .or_default()
            .push(pattern.trim().to_string());
    }
}
