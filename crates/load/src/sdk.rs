//! Finds the Go source tree (the *SDK*) whose standard library is compiled.
//!
//! In this order: `GOXIDE_SDK`; `GOROOT`; the tree of the `go` on the path, the last two
//! only if their version is supported; else the managed SDK, which is the toolchain module
//! that the go command itself would fetch, in Go's module cache, downloaded if need be.

use crate::context::GO_MINOR;
use crate::error::{LoadError, Result};
use crate::goenv::GoEnv;
use crate::modcache::{ModCache, Wanted};
use std::path::{Path, PathBuf};

const TOOLCHAIN_MODULE: &str = "golang.org/toolchain";
const TOOLCHAIN_VERSION: &str = "v0.0.1-go1.27.3.linux-amd64";
const TOOLCHAIN_HASH: &str = "h1:r0ub+FnqzZxoWm/dSUOI9DcIqYWn/mNYGFJcv7PyBzs=";

/// Files that every whole tree has; one from each end of the alphabet and the middle.
const LANDMARKS: [&str; 5] = [
    "src/builtin/builtin.go",
    "src/fmt/print.go",
    "src/internal/abi/type.go",
    "src/runtime/proc.go",
    "src/unsafe/unsafe.go",
];

/// A Go source tree of a supported version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdk {
    /// The tree's root (`GOROOT`).
    pub root: PathBuf,
    /// Its version: `go1.27.3`.
    pub version: String,
}

impl Sdk {
    /// Finds the SDK without downloading it.
    pub fn find_installed(env: &GoEnv) -> Option<Sdk> {
        if let Some(root) = env.get("GOXIDE_SDK") {
            return Sdk::open(Path::new(root)).ok();
        }
        let goroot = env.get("GOROOT").map(PathBuf::from);
        let cache = ModCache::new(env.gomodcache()?, env.goproxy());
        let managed = cache
            .is_complete(TOOLCHAIN_MODULE, TOOLCHAIN_VERSION)
            .then(|| cache.module_dir(TOOLCHAIN_MODULE, TOOLCHAIN_VERSION));
        goroot
            .into_iter()
            .chain(go_on_path(env))
            .chain(managed)
            .find_map(supported)
    }

    /// Finds the SDK, downloading it when there is none.
    pub fn find(env: &GoEnv) -> Result<Sdk> {
        if let Some(root) = env.get("GOXIDE_SDK") {
            return Sdk::open(Path::new(root)).map_err(|e| {
                e.hint("GOXIDE_SDK must be the root of a Go 1.27 tree (unset it to use another)")
            });
        }
        let goroot = env.get("GOROOT").map(PathBuf::from);
        if let Some(sdk) = goroot
            .into_iter()
            .chain(go_on_path(env))
            .find_map(supported)
        {
            return Ok(sdk);
        }
        Sdk::managed(env)
    }

    /// Opens the tree at `root` after checking version and landmarks.
    pub fn open(root: &Path) -> Result<Sdk> {
        let root = std::path::absolute(root).map_err(|e| LoadError::io("finding", root, &e))?;
        let Some(version) = read_version(&root) else {
            let why = match root.join("VERSION").is_file() {
                true => "its VERSION file names no version",
                false => "it has no VERSION file",
            };
            return Err(LoadError::new(format!(
                "{} is not a Go source tree: {why}",
                root.display()
            )));
        };
        if !is_supported(&version) {
            return Err(LoadError::new(format!(
                "the Go source tree {} is {version}; goxide needs Go 1.{GO_MINOR}",
                root.display()
            )));
        }
        match LANDMARKS.iter().find(|file| !root.join(file).is_file()) {
            Some(missing) => Err(LoadError::new(format!(
                "the Go source tree {} is damaged: {missing} is missing",
                root.display()
            ))),
            None => Ok(Sdk { root, version }),
        }
    }

    fn managed(env: &GoEnv) -> Result<Sdk> {
        let Some(cache) = env.gomodcache() else {
            return Err(LoadError::new("cannot tell where Go's module cache is")
                .hint("set HOME, GOPATH or GOMODCACHE; or GOXIDE_SDK to a Go 1.27 tree"));
        };
        let cache = ModCache::new(cache, env.goproxy());
        if !cache.is_complete(TOOLCHAIN_MODULE, TOOLCHAIN_VERSION) {
            eprintln!("goxide: downloading Go 1.27.3 (source tree and tools, 76 MB), once");
        }
        let root = cache
            .install(&Wanted {
                path: TOOLCHAIN_MODULE,
                version: TOOLCHAIN_VERSION,
                hash: TOOLCHAIN_HASH,
                title: "Go 1.27.3",
                executable: is_program,
                finish: |root| restore_go_mods(&root.join("src")),
            })
            .map_err(|e| match e.hint.clone() {
                Some(hint) => e.hint(format!(
                    "{hint}; or set GOXIDE_SDK to the root of a Go 1.27 tree"
                )),
                None => e,
            })?;
        Sdk::open(&root).map_err(|e| {
            let root = root.display();
            e.hint(format!(
                "remove it (chmod -R u+w {root}; rm -r {root}) and run again: it is fetched anew"
            ))
        })
    }

    /// What to do about errors in the standard library's own sources.
    pub fn damaged(&self) -> String {
        let root = self.root.display();
        let name = self.root.file_name().unwrap_or_default().to_string_lossy();
        let mend = match name.starts_with("toolchain@") {
            // Files in the module cache are read-only.
            true => {
                format!("remove it (chmod -R u+w {root}; rm -r {root}) to have it downloaded anew")
            }
            false => "install it anew".to_string(),
        };
        format!("the Go source tree {root} is damaged: {mend}, or set GOXIDE_SDK to another one")
    }

    /// The folder of the standard library's sources.
    pub fn src(&self) -> PathBuf {
        self.root.join("src")
    }
}

fn supported(root: PathBuf) -> Option<Sdk> {
    is_supported(&read_version(&root)?)
        .then(|| Sdk::open(&root).ok())
        .flatten()
}

/// The tree that the first `go` on the path belongs to.
fn go_on_path(env: &GoEnv) -> Option<PathBuf> {
    let go = env
        .path_dirs()
        .map(|dir| dir.join("go"))
        .find(|go| go.is_file())?;
    let go = std::fs::canonicalize(go).ok()?;
    Some(go.parent()?.parent()?.to_path_buf())
}

fn read_version(root: &Path) -> Option<String> {
    let text = std::fs::read_to_string(root.join("VERSION")).ok()?;
    let first = text.lines().next()?.trim();
    (!first.is_empty()).then(|| first.to_string())
}

fn is_supported(version: &str) -> bool {
    version
        .strip_prefix(&format!("go1.{GO_MINOR}"))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Which files of the toolchain module are programs. Zips of modules carry no modes.
fn is_program(name: &str) -> bool {
    name.starts_with("bin/") || name.starts_with("pkg/tool/")
}

/// Copies each `_go.mod` to `go.mod`: a module's zip may hold no nested modules, so the
/// toolchain module hides theirs. The go command does this on first use.
fn restore_go_mods(dir: &Path) -> Result<()> {
    let entries = std::fs::read_dir(dir).map_err(|e| LoadError::io("reading", dir, &e))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            restore_go_mods(&path)?;
        } else if entry.file_name() == "_go.mod" {
            std::fs::copy(&path, dir.join("go.mod"))
                .map_err(|e| LoadError::io("copying", &path, &e))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tree(name: &str, version: &str, whole: bool) -> PathBuf {
        let root = std::env::temp_dir().join(format!("goxide-sdk-{}-{name}", std::process::id()));
        for file in LANDMARKS {
            let file = root.join(file);
            fs::create_dir_all(file.parent().expect("parent")).expect("temp dir");
            if whole {
                fs::write(file, "").expect("write");
            }
        }
        fs::write(root.join("VERSION"), format!("{version}\ntime x\n")).expect("write");
        root
    }

    fn find(vars: &[(&str, &Path)]) -> String {
        let vars = vars
            .iter()
            .map(|(k, v)| (k.to_string(), v.display().to_string()));
        match Sdk::find(&GoEnv::from_vars(vars)) {
            Ok(sdk) => sdk.version,
            Err(e) => e.to_string().lines().next().unwrap_or_default().to_string(),
        }
    }

    #[test]
    fn search_order_and_refusals() {
        let good = tree("good", "go1.27.9", true);
        let old = tree("old", "go1.26.8", true);
        let half = tree("half", "go1.27.3", false);
        let off = Path::new("off");
        assert_eq!(find(&[("GOXIDE_SDK", &good)]), "go1.27.9");
        assert_eq!(find(&[("GOROOT", &good), ("PATH", &old)]), "go1.27.9");
        let refused = find(&[("GOXIDE_SDK", &old), ("GOROOT", &good)]);
        assert!(
            refused.ends_with("is go1.26.8; goxide needs Go 1.27"),
            "{refused}"
        );
        let refused = find(&[("GOXIDE_SDK", &half)]);
        assert!(
            refused.ends_with("is damaged: src/builtin/builtin.go is missing"),
            "{refused}"
        );
        // An unsupported GOROOT is passed over; then nothing can be fetched.
        let cache = good.join("cache");
        let none = find(&[("GOROOT", &old), ("GOMODCACHE", &cache), ("GOPROXY", off)]);
        assert!(
            none.contains("module lookup disabled by GOPROXY=off"),
            "{none}"
        );
        for root in [good, old, half] {
            fs::remove_dir_all(root).expect("clean up");
        }
    }
}
