//! The cache of what functions are compiled to: after an edit only what is in the edited
//! packages is lowered, and only what really became different is optimised and goes through
//! the code generator.
//!
//! ```text
//! CACHE/bodies/KEY a pack: lowered functions of one package ([`bodies`])
//! CACHE/code/KEY   a pack: compiled functions of one package; KEY is a hash of the package's
//!                  path, the settings of optimiser and code generator and the compiler that
//!                  runs
//! ```
//!
//! [`Program`] puts together what was lowered and what is kept; [`Reuse`] finds what the
//! optimiser and the code generator made of it. A pack of code has entries of two kinds. A *result* is found by a hash of all that a function's
//! optimised form depends on ([`keys`]); it says what callers need to know, and under what
//! hash the code is. *Code* is found by the hash of its [`shape`]: the final IR without names,
//! positions and the numbers that symbols have by chance. So a function is optimised again
//! when something that it could have been inlined from changes, or its line, but generated
//! again only if that made a difference. Packs are files of their own, written beside their
//! place and renamed: of parallel runs the last one wins, which costs time only.

mod blob;
mod bodies;
mod facts;
mod hash;
mod keys;
mod names;
mod pack;
mod program;
mod result;
mod reuse;
mod shape;

pub use bodies::Bodies;
pub use names::Files;
pub use program::Program;
pub use reuse::Reuse;

use crate::cache::{KeyMaker, trim_dir};
use goxide_clif::{Backend, CompiledFunction};
use pack::Pack;
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes of all packs together.
const KEPT_BYTES: u64 = 512 << 20;

/// Where compiled functions are kept.
#[derive(Clone, Debug)]
pub struct CodeCache {
    /// The folder of all that goxide keeps.
    root: PathBuf,
    /// The folder of packs of compiled functions.
    dir: PathBuf,
    /// Whether what is there may be used (or only replaced).
    read: bool,
    /// The settings of the optimiser.
    passes: String,
}

/// What was done.
pub struct Generated {
    /// The functions, in the order in which they were given.
    pub functions: Vec<CompiledFunction>,
    /// How many were not in the cache.
    pub compiled: usize,
}

/// Machine code that is kept, in the form in which it is kept.
type Entry = Arc<[u8]>;

impl CodeCache {
    /// The cache in goxide's cache folder `dir`.
    pub fn new(dir: PathBuf, read: bool, passes: &goxide_opt::Options) -> CodeCache {
        CodeCache {
            dir: dir.join("code"),
            root: dir,
            read,
            passes: format!("{passes:?}"),
        }
    }

    /// Removes the packs that were not used for the longest time, if all together are too
    /// large.
    pub fn trim(&self) {
        trim_dir(&self.dir, KEPT_BYTES, usize::MAX);
    }

    fn open(&self, backend: &Backend, package: &str) -> Pack {
        let mut maker = KeyMaker::new();
        maker.add(b"code 2");
        maker.add(self.passes.as_bytes());
        maker.add(format!("{:?}", backend.options()).as_bytes());
        maker.add(package.as_bytes());
        let path = self.dir.join(maker.finish().name());
        Pack::open(path, self.read)
    }
}

/// The import path in a function's name, or what stands there; only so that functions that
/// are needed together lie together.
fn package_of(name: &str) -> &str {
    if name.starts_with("type:") {
        return "type:";
    }
    let end = name.find(['[', '(']).unwrap_or(name.len());
    let slash = name[..end].rfind('/').map_or(0, |at| at + 1);
    let dot = name[slash..end].find('.').map_or(end, |at| slash + at);
    &name[..dot]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_functions() {
        assert_eq!(package_of("main.f"), "main");
        assert_eq!(
            package_of("example.com/a.b/c.(*T[x/y.Z]).m"),
            "example.com/a.b/c"
        );
        assert_eq!(package_of("slices.Sort[a/b.T]"), "slices");
        assert_eq!(package_of("type:.eq.a/b.T"), "type:");
        assert_eq!(package_of(""), "");
    }
}
