//! Reads a package's folder: which of its files belong to the build.

use crate::context::BuildContext;
use crate::error::{LoadError, Result};
use crate::files::Files;
use crate::graph::Config;
use crate::header::{Header, scan};
use crate::overlay::PackageOverlay;
use crate::package::GoFile;
use crate::resolve::Place;
use crate::version::GoVersion;
use goxide_syntax::Constraint;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The least version that a file's build constraint can set: the first that let one.
const LEAST_FILE_VERSION: GoVersion = GoVersion(21);

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Folder {
    /// Files of the build, sorted by name.
    pub files: Vec<GoFile>,
    /// Go files that name or constraint exclude.
    pub excluded: usize,
    /// Test files: name and package.
    pub tests: Vec<(String, String)>,
    /// Every Go and assembly file there is, in the build or not.
    pub all: Vec<PathBuf>,
    /// Files that were excluded because they import `C`.
    pub cgo: Vec<GoFile>,
    /// Whether files in Go's assembly belong to the build.
    pub has_assembly: bool,
}

/// How file names are shown.
pub struct Shown<'a> {
    /// The working directory.
    pub cwd: &'a Path,
}

impl Shown<'_> {
    /// A path relative to the working directory if it lies below it or that is shorter.
    pub fn path(&self, path: &Path) -> String {
        let full = path.display().to_string();
        match relative(self.cwd, path) {
            Some(short) if short.is_empty() => ".".to_string(),
            Some(short) if short.len() < full.len() => short,
            _ => full,
        }
    }
}

/// `path` as seen from `base`; both absolute.
pub fn relative(base: &Path, path: &Path) -> Option<String> {
    let common = base
        .components()
        .zip(path.components())
        .take_while(|(a, b)| a == b)
        .count();
    let ups = base.components().count() - common;
    let mut short: PathBuf = std::iter::repeat_n("..", ups).collect();
    short.extend(path.components().skip(common));
    Some(short.to_str()?.to_string())
}

impl Folder {
    /// Reads the folder of a package; `patch` is the overlay's part in it.
    pub fn read(
        place: &Place,
        config: &Config,
        shown: &Shown,
        patch: Option<&PackageOverlay>,
    ) -> Result<Folder> {
        let mut folder = Folder::default();
        let (context, files) = (&config.context, &config.modules.files);
        let (dir, go) = (&place.dir, place.go);
        for name in source_names(files, dir)? {
            if place.is_std && name.ends_with("_test.go") {
                // What package they say they are in is Go's own affair: nothing to look for.
                folder.tests.push((name, String::new()));
                continue;
            }
            if name.ends_with(".s") {
                folder.all.push(dir.join(&name));
                folder.has_assembly |= assembles(files, &dir.join(&name), &name, context)?;
                continue;
            }
            folder.all.push(dir.join(&name));
            if patch.is_some_and(|p| p.replace || p.skip.contains(&name)) {
                continue;
            }
            let forced = patch.is_some_and(|p| p.take.contains(&name));
            let is_test = name.ends_with("_test.go");
            if !forced && !context.matches_name(&name) {
                folder.excluded += usize::from(!name.starts_with(['_', '.']) && !is_test);
                continue;
            }
            let path = dir.join(&name);
            let read = files.read(&path);
            let text = read.map_err(|e| LoadError::io("reading", &path, &e))?;
            let header = scan(&text);
            let excluded = |c: &Constraint| !forced && !context.satisfies(c);
            if header.constraint.as_ref().is_some_and(excluded) {
                folder.excluded += usize::from(!is_test);
            } else if is_test {
                folder.tests.push((name, header.package));
            } else if header.package == "documentation" {
                // The old way to exclude a file.
            } else if header.has_import("C") {
                folder.cgo.push(go_file(path, text, header, go, shown));
            } else {
                folder.files.push(go_file(path, text, header, go, shown));
            }
        }
        Ok(folder)
    }

    /// Adds the overlay's files.
    pub fn add_overlay(&mut self, path: &str, patch: &PackageOverlay, context: &BuildContext) {
        for (name, text) in &patch.files {
            let header = scan(text);
            let fits = header
                .constraint
                .as_ref()
                .is_none_or(|c| context.satisfies(c));
            if fits && context.matches_name(name) && !name.ends_with("_test.go") {
                let file = PathBuf::from(format!("goxide/{path}/{name}"));
                self.files.push(GoFile {
                    shown: file.display().to_string(),
                    path: file,
                    text: text.as_slice().into(),
                    header,
                    go_version: GoVersion::CURRENT,
                    overlay: true,
                });
            }
        }
    }
}

/// Makes a file of the build from its text.
pub fn go_file(
    path: PathBuf,
    text: impl Into<Arc<[u8]>>,
    header: Header,
    go: GoVersion,
    shown: &Shown,
) -> GoFile {
    let own = header
        .constraint
        .as_ref()
        .and_then(Constraint::go_version)
        .map(GoVersion);
    GoFile {
        shown: shown.path(&path),
        path,
        text: text.into(),
        go_version: own.map_or(go, |v| v.max(LEAST_FILE_VERSION)),
        header,
        overlay: false,
    }
}

/// Whether name and constraint let an assembly file into the build.
fn assembles(files: &Files, path: &Path, name: &str, context: &BuildContext) -> Result<bool> {
    if !context.matches_name(name) {
        return Ok(false);
    }
    let read = files.read(path);
    let text = read.map_err(|e| LoadError::io("reading", path, &e))?;
    // Its comments are Go's, and the constraint stands before all else.
    Ok(scan(&text).constraint.is_none_or(|c| context.satisfies(&c)))
}

/// Names of the Go and assembly files of a folder, sorted. A link may lead to a folder; the
/// go command takes links to files only.
fn source_names(files: &Files, dir: &Path) -> Result<Vec<String>> {
    let names = files.names(dir);
    let mut names = names.map_err(|e| LoadError::io("reading", dir, &e))?;
    names.retain(|name| name.ends_with(".go") || name.ends_with(".s"));
    names.sort_unstable();
    Ok(names)
}
