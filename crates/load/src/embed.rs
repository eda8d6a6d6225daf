//! `//go:embed`: from patterns to the files they mean.
//!
//! Rules (package `embed`): patterns are slash paths below the package's folder, without
//! `.` and `..`; a folder stands for all files below it except those whose names begin
//! with `.` or `_` (kept with `all:`) and those of nested modules; a pattern must match.

use crate::error::{LoadError, os_text};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that the program embeds.
#[derive(Clone, Debug)]
pub struct EmbedFile {
    /// Its path below the package's folder, with slashes.
    pub name: String,
    /// Its contents.
    pub text: Arc<[u8]>,
}

/// The files that a pattern means, sorted by name; adds to `folders` those whose entries
/// decide which. Errors are Go's words without position.
pub fn resolve(
    dir: &Path,
    pattern: &str,
    folders: &mut Vec<PathBuf>,
) -> Result<Vec<EmbedFile>, String> {
    let (glob, all) = match pattern.strip_prefix("all:") {
        Some(glob) => (glob, true),
        None => (pattern, false),
    };
    let fail = |why: &str| Err(format!("pattern {pattern}: {why}"));
    if !is_valid(glob) {
        return fail("invalid pattern syntax");
    }
    let mut names = Vec::new();
    let mut empty = Vec::new();
    for path in expand(dir, glob, folders) {
        let name = slash_path(dir, &path);
        let Ok(meta) = std::fs::symlink_metadata(&path) else {
            continue;
        };
        let kind = if meta.is_dir() { "directory" } else { "file" };
        if meta.is_dir() && path.join("go.mod").is_file() {
            return fail(&format!(
                "cannot embed directory {name}: in different module"
            ));
        }
        if name.split('/').any(is_bad_name) {
            return fail(&format!("cannot embed {kind} {name}: invalid name"));
        }
        if meta.is_dir() {
            let before = names.len();
            files_below(dir, &path, all, &mut names, folders);
            if names.len() == before {
                empty.push(name);
            }
        } else if meta.is_file() {
            names.push(name);
        } else {
            return fail(&format!("cannot embed irregular file {name}"));
        }
    }
    if let Some(name) = empty.first() {
        return fail(&format!(
            "cannot embed directory {name}: contains no embeddable files"
        ));
    }
    if names.is_empty() {
        return fail("no matching files found");
    }
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| read(dir, name)).collect()
}

fn read(dir: &Path, name: String) -> Result<EmbedFile, String> {
    let path = dir.join(&name);
    let text = std::fs::read(&path).map_err(|e| {
        LoadError::new(format!("reading {}: {}", path.display(), os_text(&e))).message
    })?;
    Ok(EmbedFile {
        name,
        text: text.into(),
    })
}

fn is_valid(glob: &str) -> bool {
    glob == "." || !glob.is_empty() && glob.split('/').all(|p| !matches!(p, "" | "." | ".."))
}

/// Names that a module's zip could not hold.
fn is_bad_name(name: &str) -> bool {
    matches!(name, "" | ".bzr" | ".hg" | ".git" | ".svn")
        || name.contains(['"', '*', '<', '>', '?', '`', '\'', '|', '\\', ':'])
}

fn slash_path(dir: &Path, path: &Path) -> String {
    path.strip_prefix(dir)
        .unwrap_or(path)
        .to_string_lossy()
        .into_owned()
}

/// The existing paths that a glob matches, one part at a time.
fn expand(dir: &Path, glob: &str, folders: &mut Vec<PathBuf>) -> Vec<PathBuf> {
    if glob == "." {
        return vec![dir.to_path_buf()];
    }
    let mut paths = vec![dir.to_path_buf()];
    for part in glob.split('/') {
        folders.extend_from_slice(&paths);
        paths = paths.iter().flat_map(|base| step(base, part)).collect();
    }
    paths
}

fn step(base: &Path, part: &str) -> Vec<PathBuf> {
    if !part.contains(['*', '?', '[', '\\']) {
        let path = base.join(part);
        return if path.symlink_metadata().is_ok() {
            vec![path]
        } else {
            Vec::new()
        };
    }
    let pattern: Vec<char> = part.chars().collect();
    let entries = std::fs::read_dir(base).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .filter(|e| {
            let name: Vec<char> = e.file_name().to_string_lossy().chars().collect();
            matches_glob(&pattern, &name)
        })
        .map(|e| e.path())
        .collect();
    found.sort();
    found
}

/// Go's `path.Match` for one path part.
fn matches_glob(pattern: &[char], name: &[char]) -> bool {
    match pattern {
        [] => name.is_empty(),
        ['*', rest @ ..] => (0..=name.len()).any(|n| matches_glob(rest, &name[n..])),
        ['?', rest @ ..] => !name.is_empty() && matches_glob(rest, &name[1..]),
        ['[', class @ ..] => match name {
            [c, more @ ..] => match in_class(class, *c) {
                Some((true, rest)) => matches_glob(rest, more),
                _ => false,
            },
            [] => false,
        },
        ['\\', c, rest @ ..] | [c, rest @ ..] => {
            name.first() == Some(c) && matches_glob(rest, &name[1..])
        }
    }
}

/// Whether `c` is in the class that `class` begins with (after `[`), and what follows it.
fn in_class(class: &[char], c: char) -> Option<(bool, &[char])> {
    let (negated, mut rest) = match class {
        ['^', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut found = false;
    let mut first = true;
    loop {
        match rest {
            [']', after @ ..] if !first => return Some((found != negated, after)),
            [low, '-', high, after @ ..] if *high != ']' => {
                found |= (*low..=*high).contains(&c);
                rest = after;
            }
            [one, after @ ..] => {
                found |= *one == c;
                rest = after;
            }
            [] => return None,
        }
        first = false;
    }
}

fn files_below(
    root: &Path,
    dir: &Path,
    all: bool,
    names: &mut Vec<String>,
    folders: &mut Vec<PathBuf>,
) {
    folders.push(dir.to_path_buf());
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if is_bad_name(&name) || (!all && name.starts_with(['.', '_'])) {
            continue;
        }
        match entry.file_type() {
            Ok(t) if t.is_dir() && path.join("go.mod").is_file() => folders.push(path),
            Ok(t) if t.is_dir() => files_below(root, &path, all, names, folders),
            Ok(t) if t.is_file() => names.push(slash_path(root, &path)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(dir: &Path, pattern: &str, want: Expect) {
        let shown = match resolve(dir, pattern, &mut Vec::new()) {
            Ok(files) => files
                .into_iter()
                .map(|f| f.name)
                .collect::<Vec<_>>()
                .join(" "),
            Err(message) => message,
        };
        want.assert_eq(&shown);
    }

    #[test]
    fn patterns() {
        let dir = std::env::temp_dir().join(format!("goxide-embed-{}", std::process::id()));
        for file in [
            "a.txt", "b.txt", "d/x", "d/.h", "d/_u/y", "d/e/z", "m/go.mod", "m/f", "h/.x",
        ] {
            let file = dir.join(file);
            std::fs::create_dir_all(file.parent().expect("parent")).expect("temp dir");
            std::fs::write(file, "").expect("write");
        }
        check(&dir, "a.txt", expect!["a.txt"]);
        check(&dir, "*.txt", expect!["a.txt b.txt"]);
        check(&dir, "[b-z].t?t", expect!["b.txt"]);
        check(&dir, "d", expect!["d/e/z d/x"]);
        check(&dir, "all:d", expect!["d/.h d/_u/y d/e/z d/x"]);
        check(&dir, "d/.h", expect!["d/.h"]);
        check(&dir, "d/*", expect!["d/.h d/_u/y d/e/z d/x"]);
        check(
            &dir,
            "nope",
            expect!["pattern nope: no matching files found"],
        );
        check(
            &dir,
            "../x",
            expect!["pattern ../x: invalid pattern syntax"],
        );
        check(
            &dir,
            "m",
            expect!["pattern m: cannot embed directory m: in different module"],
        );
        check(
            &dir,
            "h",
            expect!["pattern h: cannot embed directory h: contains no embeddable files"],
        );
        std::fs::remove_dir_all(&dir).expect("clean up");
    }
}
