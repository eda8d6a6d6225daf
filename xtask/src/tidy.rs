//! `cargo xtask tidy`: rules of the source tree that compilers don't check.
//!
//! Which crates may know which, where `unsafe` may be, how long files may get, that each
//! module says what it is for, and that nothing of Go's sources is in the repository.

use crate::{Failed, Outcome, root};
use std::path::{Path, PathBuf};

/// Lines beyond which a file is more than one idea.
const FILE_LINES: usize = 800;

/// Crates without `unsafe`.
const SAFE: [&str; 11] = [
    "base", "syntax", "types", "load", "abi", "ir", "lower", "opt", "driver", "cli", "testkit",
];

/// What a crate must not depend on.
const MUST_NOT_KNOW: [(&str, &[&str]); 9] = [
    (
        "abi",
        &[
            "base", "syntax", "types", "load", "ir", "lower", "opt", "clif", "link", "fiber",
            "heap", "rt", "driver",
        ],
    ),
    (
        "base",
        &[
            "syntax", "types", "load", "ir", "lower", "opt", "clif", "link", "rt", "driver",
        ],
    ),
    (
        "syntax",
        &[
            "types", "load", "ir", "lower", "opt", "clif", "link", "rt", "driver",
        ],
    ),
    (
        "types",
        &["load", "ir", "lower", "opt", "clif", "link", "rt", "driver"],
    ),
    (
        "ir",
        &[
            "syntax", "types", "load", "lower", "opt", "clif", "link", "rt", "driver",
        ],
    ),
    (
        "opt",
        &[
            "syntax", "types", "load", "lower", "clif", "link", "rt", "driver",
        ],
    ),
    (
        "rt",
        &[
            "syntax", "types", "load", "ir", "lower", "opt", "clif", "link", "driver",
        ],
    ),
    (
        "heap",
        &[
            "syntax", "types", "load", "ir", "lower", "opt", "clif", "link", "driver",
        ],
    ),
    (
        "fiber",
        &[
            "syntax", "types", "load", "ir", "lower", "opt", "clif", "link", "driver",
        ],
    ),
];

/// A sentence that every file of Go's distribution has in its head.
const GO_LICENCE: &str = "Use of this source code is governed by a BSD-style";

/// Checks all rules and prints every breach.
pub fn tidy() -> Outcome {
    eprintln!("── tidy");
    let root = root();
    let mut breaches = Vec::new();
    for (name, forbidden) in MUST_NOT_KNOW {
        dependencies(&root, name, forbidden, &mut breaches);
    }
    let mut files = Vec::new();
    for part in ["crates", "xtask", "overlay", "examples", "tests"] {
        collect(&root.join(part), &mut files);
    }
    for file in &files {
        let shown = file
            .strip_prefix(&root)
            .unwrap_or(file)
            .display()
            .to_string();
        let Ok(text) = std::fs::read_to_string(file) else {
            continue;
        };
        check_file(&shown, &text, &mut breaches);
    }
    let count = breaches.len();
    breaches.iter().for_each(|breach| eprintln!("{breach}"));
    if count == 0 { Ok(()) } else { Err(Failed) }
}

fn check_file(shown: &str, text: &str, breaches: &mut Vec<String>) {
    let mut breach = |what: String| breaches.push(format!("{shown}: {what}"));
    if text.lines().take(5).any(|l| l.contains(GO_LICENCE)) {
        breach("is a file of Go's distribution; those are never committed".to_string());
    }
    if !shown.ends_with(".rs") {
        return;
    }
    if !text.starts_with("//!") && !shown.ends_with("main.rs") {
        breach("does not begin with //! and what it is for".to_string());
    }
    let lines = text.lines().take_while(|l| *l != "#[cfg(test)]").count();
    if lines > FILE_LINES {
        breach(format!(
            "has {lines} lines; more than {FILE_LINES} are more than one idea"
        ));
    }
    let in_safe = shown
        .strip_prefix("crates/")
        .and_then(|rest| rest.split('/').next())
        .is_some_and(|name| SAFE.contains(&name));
    if in_safe && text.lines().any(uses_unsafe) {
        breach("uses unsafe in a crate that has none".to_string());
    }
}

/// Whether a line has the keyword in its code.
fn uses_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    [
        "unsafe {",
        "unsafe fn",
        "unsafe impl",
        "unsafe trait",
        "unsafe extern",
    ]
    .iter()
    .any(|form| code.trim_start().starts_with(form) || code.contains(&format!(" {form}")))
        && !code.contains('"')
}

fn dependencies(root: &Path, name: &str, forbidden: &[&str], breaches: &mut Vec<String>) {
    let manifest = root.join("crates").join(name).join("Cargo.toml");
    let Ok(text) = std::fs::read_to_string(&manifest) else {
        return;
    };
    // Tests may use more.
    let text = text.split("[dev-dependencies]").next().unwrap_or_default();
    for other in forbidden {
        if text
            .lines()
            .any(|l| l.split([' ', '.', '=']).next() == Some(&format!("goxide-{other}")))
        {
            breaches.push(format!("crates/{name}: must not know crates/{other}"));
        }
    }
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && path.file_name().is_none_or(|n| n != "target") {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "go") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_in_code_not_in_words() {
        assert!(uses_unsafe("    unsafe { f() }"));
        assert!(uses_unsafe("let x = unsafe { f() };"));
        assert!(!uses_unsafe("// unsafe { f() }"));
        assert!(!uses_unsafe("    \"unsafe {\","));
        assert!(!uses_unsafe("use unsafe_package;"));
    }
}
