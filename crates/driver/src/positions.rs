//! Positions as messages show them.
//!
//! In the source map files have the names that a running program shows: absolute, or with
//! `-trimpath` beginning with the import path. Messages show what is shorter: relative to
//! the working directory where the file lies there, `./x.go` for the folder itself.

use goxide_base::{Pos, SourceMap, show_positions};
use goxide_load::{GoFile, Package, relative};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The texts of all files, and how positions in them are shown.
#[derive(Clone)]
pub struct Positions {
    /// The texts.
    pub sources: Arc<SourceMap>,
    cwd: PathBuf,
    /// Where the standard library is.
    goroot: PathBuf,
}

impl Positions {
    /// No texts yet; messages are for someone in `cwd`, the standard library is in `goroot`.
    pub fn new(cwd: &Path, goroot: &Path) -> Positions {
        Positions {
            sources: Arc::new(SourceMap::new()),
            cwd: cwd.to_path_buf(),
            goroot: goroot.to_path_buf(),
        }
    }

    /// A message, with the positions in it shown.
    pub fn message(&self, pos: Pos, text: &str) -> String {
        let text = show_positions(text, |pos| self.shown(pos));
        format!("{}: {text}", self.shown(pos))
    }

    /// Where the line begins that a position is in.
    pub fn line_start(&self, pos: Pos) -> Pos {
        let Some(file) = self.sources.file(pos) else {
            return pos;
        };
        let (_, column) = file.line_col(pos.0 - file.base.0);
        Pos(pos.0 + 1 - column)
    }

    /// Whether a position is in the standard library.
    pub fn in_library(&self, pos: Pos) -> bool {
        let file = self.sources.file(pos);
        file.is_some_and(|file| file.path.starts_with(self.goroot.join("src")))
    }

    /// Whether the file that a line directive names lies below the working directory, and the
    /// file with the directive elsewhere below it, or in it: the go command then begins the
    /// name with a dot.
    fn part_here(&self, pos: Pos, named: &Path) -> bool {
        let file = self.sources.file(pos);
        let below = |path: &Path| {
            let inside = path.strip_prefix(&self.cwd).ok()?;
            Some(inside.components().next()?.as_os_str().to_owned())
        };
        let Some(Some(named)) = named.parent().map(below) else {
            return false;
        };
        file.is_some_and(|file| {
            let folder = file.path.parent().unwrap_or(Path::new(""));
            folder.starts_with(&self.cwd) && below(folder) != Some(named)
        })
    }

    /// With `-trimpath`, what the compiler calls a file, or what a line directive in it names
    /// relative to that, as a place on disk.
    fn whole_path(&self, pos: Pos, named: &Path) -> PathBuf {
        let place = self.sources.file(pos).and_then(|file| {
            let trimmed = Path::new(&*file.name).parent()?;
            let inside = named.strip_prefix(trimmed).ok()?;
            Some(file.path.parent()?.join(inside))
        });
        match named.is_absolute() {
            true => named.to_path_buf(),
            false => place.unwrap_or_else(|| named.to_path_buf()),
        }
    }

    /// A position in a message.
    pub fn shown(&self, pos: Pos) -> String {
        let Some(at) = self.sources.shown(pos) else {
            return "<unknown line number>".to_string();
        };
        let whole = self.whole_path(pos, Path::new(&*at.file));
        let path = whole.as_path();
        let library = path.strip_prefix(self.goroot.join("src")).ok();
        let file = match relative(&self.cwd, path).filter(|_| path.is_absolute()) {
            Some(short) if !short.contains('/') || self.part_here(pos, path) => {
                format!("./{short}")
            }
            Some(short) if short.len() < path.as_os_str().len() => short,
            _ => match library {
                Some(inside) => format!("$GOROOT/src/{}", inside.display()),
                None => path.display().to_string(),
            },
        };
        match at.column {
            0 => format!("{file}:{}", at.line),
            column => format!("{file}:{}:{column}", at.line),
        }
    }
}

/// The name of a file in the source map.
pub fn file_name(package: &Package, file: &GoFile, trim: bool) -> String {
    let full = file.path.display().to_string();
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    match (&package.module, trim && !file.overlay) {
        (_, false) => full,
        (Some(module), true) if !module.main => {
            let inside = package.path.strip_prefix(&module.path).unwrap_or_default();
            format!("{}@{}{inside}/{name}", module.path, module.version)
        }
        (_, true) => format!("{}/{name}", package.path),
    }
}
