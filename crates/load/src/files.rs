//! Files as a build sees them: those on disk, and those that `-overlay` puts in their place.

use crate::error::{LoadError, Result};
use crate::modules::normalize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The files of a build.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// What stands in for a file; `None`: it does not exist.
    replaced: BTreeMap<PathBuf, Option<PathBuf>>,
    /// Where that was read.
    list: Option<PathBuf>,
}

impl Files {
    /// The files on disk, some replaced by others as the JSON file at `list` says:
    /// `{"Replace": {"file": "replacement"}}`, an empty replacement for none. Paths are
    /// relative to `cwd`.
    pub fn with_overlay(list: &Path, cwd: &Path) -> Result<Files> {
        let list = normalize(&cwd.join(list));
        let shown = list.strip_prefix(cwd).unwrap_or(&list).display();
        let fail = |why: String| LoadError::new(format!("go: {why}"));
        let text = std::fs::read_to_string(&list).map_err(|e| {
            let why = crate::os_text(&e);
            fail(format!("reading overlay: open {shown}: {why}"))
        })?;
        let json: Value = serde_json::from_str(&text)
            .map_err(|e| fail(format!("parsing overlay JSON: {shown}: {e}")))?;
        let mut replaced = BTreeMap::new();
        let entries = json.get("Replace").and_then(Value::as_object);
        for (from, to) in entries.into_iter().flatten() {
            let Some(to) = to.as_str() else {
                let why = format!("parsing overlay JSON: {shown}: {from:?} has no file name");
                return Err(fail(why));
            };
            let to = (!to.is_empty()).then(|| normalize(&cwd.join(to)));
            replaced.insert(normalize(&cwd.join(from)), to);
        }
        Ok(Files {
            replaced,
            list: Some(list),
        })
    }

    /// What is read instead of the file at `path`; `None`: there is none.
    fn place<'a>(&'a self, path: &'a Path) -> Option<&'a Path> {
        match self.replaced.get(path) {
            Some(replacement) => replacement.as_deref(),
            None => Some(path),
        }
    }

    /// A file's bytes.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.place(path) {
            Some(path) => std::fs::read(path),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// A file's text.
    pub fn read_to_string(&self, path: &Path) -> io::Result<String> {
        match self.place(path) {
            Some(path) => std::fs::read_to_string(path),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Whether there is a file at `path`.
    pub fn is_file(&self, path: &Path) -> bool {
        self.place(path).is_some_and(Path::is_file)
    }

    /// Whether there is a folder at `path`.
    pub fn is_dir(&self, path: &Path) -> bool {
        path.is_dir() || self.added_to(path).next().is_some()
    }

    /// The files of a folder by name, in no order; links to folders are none.
    pub fn names(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = self
            .added_to(dir)
            .filter(|path| path.parent() == Some(dir))
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_string()))
            .collect();
        let entries = match std::fs::read_dir(dir) {
            Err(_) if !names.is_empty() => return Ok(names),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            // Only of a link the kernel has to be asked what it leads to.
            let is_file = match entry.file_type() {
                Ok(kind) if !kind.is_symlink() => kind.is_file(),
                _ => entry.path().is_file(),
            };
            if is_file && (self.replaced.is_empty() || !self.replaced.contains_key(&entry.path())) {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// The replaced files in or below a folder that exist.
    fn added_to<'a>(&'a self, dir: &'a Path) -> impl Iterator<Item = &'a Path> {
        let all = self.replaced.iter().filter(|(_, to)| to.is_some());
        all.map(|(from, _)| from.as_path())
            .filter(move |from| from.starts_with(dir) && *from != dir)
    }

    /// The files that decide what is replaced, and those that replace.
    pub fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        self.list.iter().chain(self.replaced.values().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_added_and_removed() {
        let dir = std::env::temp_dir().join(format!("goxide-files-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("p")).expect("a temporary folder");
        let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).expect("written");
        write("p/a.go", "old a");
        write("p/b.go", "b");
        write("p/c.go", "c");
        write("other", "new");
        write(
            "o.json",
            r#"{"Replace": {"p/a.go": "other", "p/c.go": "", "q/d.go": "other"}}"#,
        );
        let files = Files::with_overlay(Path::new("o.json"), &dir).expect("read");
        let text = |name: &str| files.read_to_string(&dir.join(name)).unwrap_or("-".into());
        assert_eq!(text("p/a.go"), "new");
        assert_eq!(text("p/b.go"), "b");
        assert_eq!(text("p/c.go"), "-");
        assert_eq!(text("q/d.go"), "new");
        let mut names = files.names(&dir.join("p")).expect("a folder");
        names.sort();
        assert_eq!(names, ["a.go", "b.go"]);
        assert_eq!(files.names(&dir.join("q")).expect("made up"), ["d.go"]);
        assert!(files.is_dir(&dir.join("q")) && !files.is_dir(&dir.join("r")));
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
