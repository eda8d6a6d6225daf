//! Our patches of the standard library: which files of a package are ours, and which of
//! the SDK's they leave out.
//!
//! A folder `overlay/IMPORT/PATH` patches that package. Its files say how, by directives
//! on lines of their own:
//!
//! - `//goxide:replace package` — the SDK's files of the package are not used at all;
//! - `//goxide:skip a.go b.go` — these files of the SDK are not used;
//! - `//goxide:take a_generic.go` — this file of the SDK is used although its name or
//!   build constraint excludes it;
//! - `//goxide:remove Name T.method` — these declarations of the SDK are not used.
//!
//! Every declaration of an overlay file also removes the SDK's of the same name. The
//! removal itself works on syntax trees: see [`crate::patch`].

use crate::error::{LoadError, Result};
use goxide_base::FxHashMap;
use std::path::{Path, PathBuf};

static EMBEDDED: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/overlay.rs"));

/// All patches.
#[derive(Debug, Default)]
pub struct Overlay {
    packages: FxHashMap<String, PackageOverlay>,
}

/// The patch of one package.
#[derive(Debug, Default)]
pub struct PackageOverlay {
    /// The SDK's files are not used.
    pub replace: bool,
    /// Files of the SDK that are not used.
    pub skip: Vec<String>,
    /// Files of the SDK that are used whatever their constraints say.
    pub take: Vec<String>,
    /// Declarations of the SDK that are not used: `Name` or `T.method`.
    pub remove: Vec<String>,
    /// Our files: name and text.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Overlay {
    /// The patches that were built in.
    pub fn embedded() -> Overlay {
        let mut overlay = Overlay::default();
        for (package, name, text) in EMBEDDED {
            overlay.add(package, name, text);
        }
        overlay
    }

    /// The patches in a folder: for working on them without building goxide anew.
    pub fn read(root: &Path) -> Result<Overlay> {
        let mut overlay = Overlay::default();
        let mut folders = vec![root.to_path_buf()];
        while let Some(dir) = folders.pop() {
            let entries =
                std::fs::read_dir(&dir).map_err(|e| LoadError::io("reading", &dir, &e))?;
            let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
            paths.sort();
            for path in paths {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "go") {
                    let text =
                        std::fs::read(&path).map_err(|e| LoadError::io("reading", &path, &e))?;
                    let package = dir.strip_prefix(root).unwrap_or(&dir).display().to_string();
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    overlay.add(&package, &name, &text);
                }
            }
        }
        Ok(overlay)
    }

    /// The patch of a package, if there is one. Packages of other modules (their paths
    /// begin with a domain) are patched wherever they come from; others in the SDK only.
    pub fn package(&self, import_path: &str, is_std: bool) -> Option<&PackageOverlay> {
        let vendored = ["cmd/vendor/", "vendor/"]
            .iter()
            .find_map(|p| import_path.strip_prefix(p));
        let path = vendored.filter(|_| is_std).unwrap_or(import_path);
        let has_domain = path
            .split('/')
            .next()
            .is_some_and(|first| first.contains('.'));
        self.packages.get(path).filter(|_| is_std || has_domain)
    }

    /// The patched packages, sorted.
    pub fn packages(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.packages.keys().map(String::as_str).collect();
        paths.sort_unstable();
        paths
    }

    fn add(&mut self, package: &str, name: &str, text: &[u8]) {
        let patch = self.packages.entry(package.to_string()).or_default();
        patch.read_directives(&String::from_utf8_lossy(text));
        patch.files.push((name.to_string(), text.to_vec()));
    }
}

impl PackageOverlay {
    fn read_directives(&mut self, text: &str) {
        for line in text.lines() {
            let Some(directive) = line.strip_prefix("//goxide:") else {
                continue;
            };
            let (verb, args) = directive.split_once([' ', '\t']).unwrap_or((directive, ""));
            let args = args
                .split([' ', '\t', ','])
                .take_while(|word| !word.starts_with("//"))
                .filter(|word| !word.is_empty())
                .map(str::to_string);
            match verb {
                "replace" => self.replace = true,
                "skip" => self.skip.extend(args),
                "take" => self.take.extend(args),
                "remove" => self.remove.extend(args),
                // Others are for later stages.
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_of_a_patch() {
        let mut overlay = Overlay::default();
        overlay.add(
            "p",
            "a.go",
            b"//goxide:skip x.go y.go\n//goxide:remove F, T.m // why\npackage p\n",
        );
        overlay.add("p", "b.go", b"package p\n//goxide:take z_arm64.go\n");
        let p = overlay.package("p", true).expect("patched");
        assert_eq!(
            (
                p.replace,
                p.skip.join(" "),
                p.remove.join(" "),
                p.take.join(" "),
                p.files.len()
            ),
            (
                false,
                "x.go y.go".into(),
                "F T.m".into(),
                "z_arm64.go".into(),
                2
            )
        );
    }
}
