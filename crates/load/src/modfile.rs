//! Reads `go.mod` and `go.work`.
//!
//! `go.mod` and `go.work` share a syntax: a verb and its arguments on a line, or a verb
//! and a block of lines in parentheses; words may be quoted; `//` begins a comment.

use crate::error::{LoadError, Result};
use crate::files::Files;
use crate::folder::Shown;
use crate::version::GoVersion;
use std::path::Path;

/// A required module version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Require {
    /// Module path.
    pub path: String,
    /// Least version.
    pub version: String,
}

/// A `replace` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// The module replaced.
    pub path: String,
    /// The version replaced; `None`: all.
    pub version: Option<String>,
    /// Module path or folder that replaces it.
    pub new_path: String,
    /// Version of the replacement; `None`: `new_path` is a folder.
    pub new_version: Option<String>,
}

/// What a `go.mod` or `go.work` file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModFile {
    /// The module's path (empty in `go.work`).
    pub module: String,
    /// The `go` line, as written.
    pub go: Option<String>,
    /// Requirements.
    pub require: Vec<Require>,
    /// Replacements; they count only in main modules.
    pub replace: Vec<Replace>,
    /// Excluded versions.
    pub exclude: Vec<Require>,
    /// Folders that patterns pass over.
    pub ignore: Vec<String>,
    /// `godebug` settings, `name=value`, each with its line.
    pub godebug: Vec<(u32, String)>,
    /// `go.work`'s modules.
    pub uses: Vec<String>,
}

impl ModFile {
    /// The module's language version.
    pub fn go_version(&self) -> GoVersion {
        self.go
            .as_deref()
            .and_then(GoVersion::parse)
            .unwrap_or(GoVersion::MODULE_DEFAULT)
    }

    /// Reads a file. `shown` names it in errors. Unknown verbs are errors if `strict` (the
    /// main module's own file), else they are passed over.
    pub fn parse(text: &str, shown: &str, strict: bool) -> Result<ModFile> {
        let mut file = ModFile::default();
        let mut block: Option<String> = None;
        for (index, line) in text.lines().enumerate() {
            let fail = |message: &str| {
                LoadError::new(format!(
                    "errors parsing {shown}:\n{shown}:{}: {message}",
                    index + 1
                ))
            };
            let words = words(line).map_err(|m| fail(&m))?;
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            match (&block, words[..].split_first()) {
                (_, None) => {}
                (Some(_), Some((&")", []))) => block = None,
                (Some(verb), Some(_)) => file.line(verb, &words, strict).map_err(|m| fail(&m))?,
                (None, Some((verb, ["("]))) => block = Some(verb.to_string()),
                (None, Some((verb, ["(", ")"]))) if !verb.is_empty() => {}
                (None, Some((verb, args))) => {
                    file.line(verb, args, strict).map_err(|m| fail(&m))?;
                }
            }
            if let Some((at @ 0, _)) = file.godebug.last_mut() {
                *at = index as u32 + 1;
            }
        }
        Ok(file)
    }

    /// Reads the file of a module that is not a main one.
    pub fn read(path: &Path) -> Result<ModFile> {
        let read = std::fs::read_to_string(path);
        let text = read.map_err(|e| LoadError::io("reading", path, &e))?;
        ModFile::parse(&text, &path.display().to_string(), false)
    }

    /// Reads a file of the main modules' at `path`, which may be replaced. Errors of it are
    /// the go command's own.
    pub fn read_main(files: &Files, path: &Path, shown: &Shown) -> Result<ModFile> {
        let name = shown.path(path);
        let read = files.read_to_string(path);
        let text = read
            .map_err(|e| LoadError::new(format!("go: reading {name}: {}", crate::os_text(&e))))?;
        ModFile::parse(&text, &name, true).map_err(|e| LoadError::new(format!("go: {e}")))
    }

    fn line(&mut self, verb: &str, args: &[&str], strict: bool) -> Result<(), String> {
        match (verb, args) {
            ("module", [path]) => self.module = path.to_string(),
            ("go", [version]) => match GoVersion::parse(version) {
                Some(_) => self.go = Some(version.to_string()),
                None => {
                    return Err(format!(
                        "invalid go version '{version}': must match format 1.23.0"
                    ));
                }
            },
            ("require", [path, version]) => self.require.push(require(path, version)),
            ("exclude", [path, version]) => self.exclude.push(require(path, version)),
            ("use", [dir]) => self.uses.push(dir.to_string()),
            ("ignore", [dir]) => self.ignore.push(dir.to_string()),
            ("replace", _) => self.replace.push(replace(args)?),
            ("godebug", [setting]) if setting.contains('=') => {
                self.godebug.push((0, setting.to_string()));
            }
            ("godebug", _) => return Err("usage: godebug key=value".to_string()),
            ("toolchain" | "retract" | "tool", _) => {}
            ("module" | "go" | "require" | "exclude" | "use" | "ignore", _) if strict => {
                return Err(format!("usage: {verb} {}", usage(verb)));
            }
            _ if strict => return Err(format!("unknown directive: {verb}")),
            _ => {}
        }
        Ok(())
    }
}

fn usage(verb: &str) -> &'static str {
    match verb {
        "module" => "module/path",
        "go" => "1.23",
        "use" => "local/dir",
        "ignore" => "local/dir",
        _ => "module/path v1.2.3",
    }
}

fn require(path: &str, version: &str) -> Require {
    Require {
        path: path.to_string(),
        version: version.to_string(),
    }
}

fn replace(args: &[&str]) -> Result<Replace, String> {
    const USAGE: &str = "usage: replace module/path [v1.2.3] => other/module v1.4\n\
                         \t or replace module/path [v1.2.3] => ../local/directory";
    let arrow = args.iter().position(|a| *a == "=>").ok_or(USAGE)?;
    let (path, version) = match args[..arrow] {
        [path] => (path, None),
        [path, version] => (path, Some(version.to_string())),
        _ => return Err(USAGE.to_string()),
    };
    let (new_path, new_version) = match args[arrow + 1..] {
        [path] => (path, None),
        [path, version] => (path, Some(version.to_string())),
        _ => return Err(USAGE.to_string()),
    };
    let is_folder = ["./", "../", "/"].iter().any(|p| new_path.starts_with(p))
        || matches!(new_path, "." | "..");
    match (is_folder, &new_version) {
        (true, Some(_)) => Err(format!(
            "replacement module directory path {new_path:?} cannot have version"
        )),
        (false, None) => Err("replacement module without version must be directory path (rooted or starting with . or ..)".to_string()),
        _ => Ok(Replace {
            path: path.to_string(),
            version,
            new_path: new_path.to_string(),
            new_version,
        }),
    }
}

/// The words of a line, without its comment. Parentheses stand alone.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") {
            break;
        }
        let length = match first {
            '(' | ')' => 1,
            '"' | '`' => match rest[1..].find(first) {
                Some(end) => end + 2,
                None => return Err("unexpected newline in string".to_string()),
            },
            _ => rest
                .find(|c: char| c.is_whitespace() || c == '(' || c == ')')
                .unwrap_or(rest.len())
                .min(rest.find("//").filter(|at| *at > 0).unwrap_or(rest.len())),
        };
        found.push(rest[..length].trim_matches(['"', '`']).to_string());
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, want: Expect) {
        let shown = match ModFile::parse(text, "go.mod", true) {
            Err(e) => e.to_string(),
            Ok(file) => {
                let mut shown = format!("{} {}\n", file.module, file.go_version());
                for r in &file.require {
                    shown += &format!("require {} {}\n", r.path, r.version);
                }
                for r in &file.replace {
                    shown += &format!("{r:?}\n");
                }
                shown
            }
        };
        want.assert_eq(&shown);
    }

    #[test]
    fn lines_blocks_comments_and_quotes() {
        check(
            "module \"ex.org/m\" // c\ngo 1.21.3\nrequire (\n\ta.b/c v1.2.3 // indirect\n\t// d\n\te.f/g v0.0.0\n)\nrequire h v1.0.0\nretract [v1.0.0, v1.1.0]\nreplace a.b/c v1.2.3 => ../c\nreplace h => i v2.0.0\ntool x/y\n",
            expect![[r#"
                ex.org/m 1.21
                require a.b/c v1.2.3
                require e.f/g v0.0.0
                require h v1.0.0
                Replace { path: "a.b/c", version: Some("v1.2.3"), new_path: "../c", new_version: None }
                Replace { path: "h", version: None, new_path: "i", new_version: Some("v2.0.0") }
            "#]],
        );
    }

    #[test]
    fn errors_name_the_line() {
        check(
            "module m\nfrob x\n",
            expect![[r#"
            errors parsing go.mod:
            go.mod:2: unknown directive: frob"#]],
        );
        check(
            "module m\nreplace a => b\n",
            expect![[r#"
            errors parsing go.mod:
            go.mod:2: replacement module without version must be directory path (rooted or starting with . or ..)"#]],
        );
        check(
            "go one\n",
            expect![[r#"
            errors parsing go.mod:
            go.mod:1: invalid go version 'one': must match format 1.23.0"#]],
        );
    }
}
