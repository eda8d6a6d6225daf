//! Package patterns: what the arguments of a command mean.

use crate::error::{LoadError, Result, os_text};
use crate::modules::{Modules, normalize};
use crate::package::Package;
use crate::sdk::Sdk;
use std::path::{Path, PathBuf};

/// What an argument means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A package by import path.
    Package {
        /// The import path.
        path: String,
        /// Whether it was found by a wildcard: if it has no files for this build, that is
        /// no error then.
        wild: bool,
    },
    /// The package of these files.
    Files(Vec<PathBuf>),
}

/// Expands patterns against modules and the SDK.
pub struct Patterns<'a> {
    /// The working directory.
    pub cwd: &'a Path,
    /// The source tree of the standard library.
    pub sdk: &'a Sdk,
    /// The modules of the build.
    pub modules: &'a Modules,
}

impl Patterns<'_> {
    /// The targets that `args` mean (no argument: `.`), and warnings.
    pub fn expand(&self, args: &[String]) -> Result<(Vec<Target>, Vec<String>)> {
        let dot = [".".to_string()];
        let args = if args.is_empty() { &dot[..] } else { args };
        if args
            .iter()
            .any(|a| a.ends_with(".go") && !self.cwd.join(a).is_dir())
        {
            return Ok((vec![self.files(args)?], Vec::new()));
        }
        let mut targets = Vec::new();
        let mut warnings = Vec::new();
        for arg in args {
            let found = self.one(arg)?;
            if found.is_empty() {
                warnings.push(format!("{arg:?} matched no packages"));
            }
            targets.extend(found);
        }
        let mut seen = goxide_base::FxHashSet::default();
        targets.retain(|t| match t {
            Target::Package { path, .. } => seen.insert(path.clone()),
            Target::Files(_) => true,
        });
        Ok((targets, warnings))
    }

    fn files(&self, args: &[String]) -> Result<Target> {
        let mut files = Vec::new();
        for arg in args {
            if !arg.ends_with(".go") {
                return Err(LoadError::new(format!(
                    "named files must be .go files: {arg}"
                )));
            }
            let path = normalize(&self.cwd.join(arg));
            match std::fs::metadata(&path) {
                Err(e) if args.len() == 1 && !arg.contains('/') => {
                    return Err(LoadError::new(self.modules.not_found(arg))
                        .hint(format!("(stat {arg}: {})", os_text(&e))));
                }
                Err(e) => return Err(LoadError::new(format!("stat {arg}: {}", os_text(&e)))),
                Ok(meta) if meta.is_dir() => {
                    return Err(LoadError::new(format!(
                        "{arg} is a directory, should be a Go file"
                    )));
                }
                Ok(_) => files.push(path),
            }
        }
        let folder = |p: &PathBuf| p.parent().map(Path::to_path_buf).unwrap_or_default();
        let first = folder(&files[0]);
        if let Some(other) = files.iter().map(folder).find(|d| *d != first) {
            let show = |dir: &Path| match dir.strip_prefix(self.cwd) {
                Ok(rest) if rest.as_os_str().is_empty() => ".".to_string(),
                Ok(rest) => rest.display().to_string(),
                Err(_) => dir.display().to_string(),
            };
            return Err(LoadError::new(format!(
                "named files must all be in one directory; have {} and {}",
                show(&first),
                show(&other)
            )));
        }
        Ok(Target::Files(files))
    }

    fn one(&self, arg: &str) -> Result<Vec<Target>> {
        if arg.contains('@') {
            return Err(LoadError::new(format!(
                "package {arg}: versions cannot be given here"
            )));
        }
        match (is_local(arg), arg.contains("...")) {
            (true, true) => self.local_wildcard(arg),
            (true, false) => {
                let dir = normalize(&self.cwd.join(arg));
                Ok(vec![Target::Package {
                    path: self.path_of_dir(arg, &dir)?,
                    wild: false,
                }])
            }
            (false, true) => Ok(self.wildcard(arg)),
            (false, false) => match arg {
                "std" => Ok(wild(self.std_packages("", &["cmd"]))),
                "cmd" => Ok(wild(self.std_packages("cmd", &[]))),
                "all" => Err(LoadError::new("the pattern all is not supported yet")
                    .hint("use ./... or name the packages")),
                _ => {
                    let path = self.plain_folder(arg).unwrap_or_else(|| arg.to_string());
                    Ok(vec![Target::Package { path, wild: false }])
                }
            },
        }
    }

    /// The package of a folder named without `./`, if no package has that import path. (The
    /// go command refuses such names.)
    fn plain_folder(&self, arg: &str) -> Option<String> {
        let dir = normalize(&self.cwd.join(arg));
        let known = self.sdk.src().join(arg).is_dir()
            || !matches!(self.modules.lookup(arg, None), Ok(None));
        if known || !self.modules.files().is_dir(&dir) {
            return None;
        }
        self.modules.path_of_dir(&dir).map(|(_, path)| path)
    }

    /// The import path of a folder in a main module or the SDK.
    fn path_of_dir(&self, arg: &str, dir: &Path) -> Result<String> {
        if !self.modules.files().is_dir(dir) {
            let what = if dir.exists() {
                "is not a directory"
            } else {
                "directory not found"
            };
            return Err(LoadError::new(format!("stat {}: {what}", dir.display())));
        }
        if let Ok(rest) = dir.strip_prefix(self.sdk.src()) {
            return Ok(rest.display().to_string());
        }
        if let Some((_, path)) = self.modules.path_of_dir(dir) {
            return Ok(path);
        }
        if !self.modules.any() {
            return Err(LoadError::new(
                "go: go.mod file not found in current directory or any parent directory; see \
                 'go help modules'",
            )
            .hint("run \"go mod init NAME\", or name the .go files themselves"));
        }
        Err(LoadError::new(format!(
            "directory {arg} outside main module or its selected dependencies"
        )))
    }

    fn local_wildcard(&self, arg: &str) -> Result<Vec<Target>> {
        let fixed = arg.split("...").next().unwrap_or_default();
        let base = fixed
            .rsplit_once('/')
            .map_or(".", |(dir, _)| if dir.is_empty() { "/" } else { dir });
        let root = normalize(&self.cwd.join(base));
        let in_sdk = root.starts_with(self.sdk.src());
        if !root.exists() {
            return Err(LoadError::new(format!(
                "pattern {arg}: lstat {base}/: no such file or directory"
            )));
        }
        if !root.is_dir() || !in_sdk && self.modules.path_of_dir(&root).is_none() {
            return Err(LoadError::new(format!(
                "pattern {arg}: directory prefix {base} does not contain main module or its \
                 selected dependencies"
            )));
        }
        let mut dirs = Vec::new();
        self.walk(&root, &mut dirs);
        let pattern = absolute(arg, self.cwd);
        let matching = dirs
            .iter()
            .filter(|d| matches(&pattern, &d.display().to_string()));
        Ok(wild(
            matching
                .filter_map(|d| self.path_of_dir(arg, d).ok())
                .collect(),
        ))
    }

    fn wildcard(&self, arg: &str) -> Vec<Target> {
        let mut paths = self.std_packages("", &[]);
        paths.retain(|p| matches(arg, p));
        for module in self.modules.mains() {
            let mut dirs = Vec::new();
            self.walk(&module.dir, &mut dirs);
            let own = dirs
                .iter()
                .filter_map(|d| self.modules.path_of_dir(d))
                .map(|(_, path)| path);
            paths.extend(own.filter(|p| matches(arg, p)));
        }
        wild(paths)
    }

    /// The SDK's packages below `below`, without those below `except`.
    fn std_packages(&self, below: &str, except: &[&str]) -> Vec<String> {
        let src = self.sdk.src();
        let mut dirs = Vec::new();
        self.walk(&src.join(below), &mut dirs);
        let path = |d: &PathBuf| d.strip_prefix(&src).ok()?.to_str().map(str::to_string);
        let mut paths: Vec<String> = dirs.iter().filter_map(path).collect();
        paths.retain(|p| {
            let first = p.split('/').next().unwrap_or_default();
            // Documentation only, and the support of cgo.
            !matches!(p.as_str(), "" | "builtin" | "runtime/cgo") && !except.contains(&first)
        });
        paths
    }

    /// Collects the folders below `dir` that hold Go files, sorted; not those of nested
    /// modules, of `testdata`, ignored ones, or those whose names begin with `.` or `_`.
    fn walk(&self, dir: &Path, found: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(dir) else {
            return;
        };
        let mut folders = Vec::new();
        let mut has_go = false;
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let is_dir = entry.file_type().is_ok_and(|t| t.is_dir());
            if !is_dir {
                has_go |= name.ends_with(".go") && !name.starts_with(['_', '.']);
            } else if !name.starts_with(['_', '.']) && name != "testdata" {
                folders.push(name);
            }
        }
        if has_go {
            found.push(dir.to_path_buf());
        }
        folders.sort_unstable();
        let in_sdk = dir.starts_with(self.sdk.src());
        for name in folders {
            let below = dir.join(&name);
            let skip = !in_sdk
                && (below.join("go.mod").is_file()
                    || name == "vendor" && below.join("modules.txt").is_file()
                    || self.is_ignored(&below));
            if !skip {
                self.walk(&below, found);
            }
        }
    }

    fn is_ignored(&self, dir: &Path) -> bool {
        self.modules.mains().iter().any(|module| {
            module
                .ignore
                .iter()
                .any(|ignored| match ignored.strip_prefix("./") {
                    Some(exact) => module.dir.join(exact) == dir,
                    None => dir
                        .strip_prefix(&module.dir)
                        .is_ok_and(|d| d.ends_with(ignored)),
                })
        })
    }
}

fn wild(paths: Vec<String>) -> Vec<Target> {
    paths
        .into_iter()
        .map(|path| Target::Package { path, wild: true })
        .collect()
}

/// Whether a pattern is one of folders, not of import paths.
fn is_local(pattern: &str) -> bool {
    let begins = |prefix: &str| pattern.starts_with(prefix);
    matches!(pattern, "." | "..") || ["./", "../", "/"].into_iter().any(begins)
}

/// A pattern of folders, from the root of the file system.
fn absolute(pattern: &str, cwd: &Path) -> String {
    let fixed = pattern.split("...").next().unwrap_or_default();
    let mut whole = normalize(&cwd.join(fixed)).display().to_string();
    let goes_on = pattern.len() > fixed.len();
    if goes_on && fixed.ends_with('/') && !whole.ends_with('/') {
        whole.push('/');
    }
    whole + &pattern[fixed.len()..]
}

/// Whether a package is one that a pattern, seen from a folder, means.
pub fn fits(pattern: &str, package: &Package, cwd: &Path) -> bool {
    match pattern {
        "all" => true,
        "std" => package.is_std,
        "cmd" => package.is_std && package.path.starts_with("cmd/"),
        _ if is_local(pattern) => {
            matches(&absolute(pattern, cwd), &package.dir.display().to_string())
        }
        _ => matches(pattern, &package.path),
    }
}

/// Whether a text matches a pattern with `...` for any text; a final `/...` may also match
/// nothing.
fn matches(pattern: &str, text: &str) -> bool {
    // No wildcard reaches into a vendor folder.
    let vendored = |path: &str| path.split('/').any(|part| part == "vendor");
    if vendored(text) && !vendored(pattern) {
        return false;
    }
    if let Some(base) = pattern.strip_suffix("/...")
        && !base.contains("...")
        && base == text
    {
        return true;
    }
    let mut parts = pattern.split("...");
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wildcards() {
        for (pattern, text, want) in [
            ("net/...", "net", true),
            ("net/...", "net/http", true),
            ("net/...", "netx", false),
            ("...", "a/b", true),
            ("a/.../c", "a/b/c", true),
            ("a/.../c", "a/c", false),
            ("go...", "go/ast", true),
        ] {
            assert_eq!(matches(pattern, text), want, "{pattern} {text}");
        }
    }
}
