//! The cache of machine code, function by function: after an edit only what really became
//! different goes through the code generator.
//!
//! ```text
//! CACHE/code/KEY   a pack: compiled functions of one package; KEY is a hash of the package's
//!                  path, the code generator's settings and the compiler that runs
//! ```
//!
//! In a pack, a function is found by the hash of its [`shape`]: its final IR without names,
//! positions and the numbers that symbols have by chance. Optimisation has been done by then,
//! so what was inlined from another package counts. Packs are files of their own, written
//! beside their place and renamed: of parallel runs the last one wins, which costs time only.

mod blob;
mod pack;
mod shape;

use crate::cache::{KeyMaker, trim_dir};
use goxide_base::FxHashMap;
use goxide_clif::{Backend, CodegenError, CompiledFunction};
use goxide_ir::Function;
use pack::Pack;
use rayon::prelude::*;
use shape::Shape;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of all packs together.
const KEPT_BYTES: u64 = 512 << 20;

/// Where compiled functions are kept.
#[derive(Clone, Debug)]
pub struct CodeCache {
    /// The folder of packs.
    dir: PathBuf,
    /// Whether what is there may be used (or only replaced).
    read: bool,
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
    pub fn new(dir: PathBuf, read: bool) -> CodeCache {
        CodeCache {
            dir: dir.join("code"),
            read,
        }
    }

    /// Compiles all functions, or finds them.
    ///
    /// # Errors
    /// As [`Backend::compile`]; nothing is kept then.
    pub fn generate(
        &self,
        backend: &Backend,
        functions: &[Function],
        compile: impl Fn(&Function) -> Result<CompiledFunction, CodegenError> + Sync,
    ) -> Result<Generated, CodegenError> {
        let mut groups: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (index, function) in functions.iter().enumerate() {
            let package = package_of(function.name.as_str());
            groups.entry(package).or_default().push(index);
        }
        let packs: FxHashMap<&str, Pack> = groups
            .par_iter()
            .map(|(package, _)| (*package, self.open(backend, package)))
            .collect();
        let compiled = AtomicUsize::new(0);
        let one = |function: &Function| -> Result<_, CodegenError> {
            let shape = Shape::of(function);
            let pack = &packs[package_of(function.name.as_str())];
            if let Some(entry) = pack.get(&shape.hash)
                && let Some(done) = blob::read(entry, function, &shape.symbols)
            {
                return Ok((done, shape.hash, None));
            }
            let done = compile(function)?;
            compiled.fetch_add(1, Ordering::Relaxed);
            let entry = blob::write(&done, &shape.symbols).map(Entry::from);
            Ok((done, shape.hash, entry))
        };
        let done: Vec<_> = functions.par_iter().map(one).collect::<Result<_, _>>()?;
        let compiled = compiled.into_inner();
        if compiled > 0 {
            groups.par_iter().for_each(|(package, members)| {
                let used = members.iter().map(|i| (done[*i].1, done[*i].2.clone()));
                // What cannot be kept is compiled again the next time.
                let _ = packs[package].update(used.collect());
            });
            trim_dir(&self.dir, KEPT_BYTES, usize::MAX);
        }
        Ok(Generated {
            functions: done.into_iter().map(|(function, ..)| function).collect(),
            compiled,
        })
    }

    fn open(&self, backend: &Backend, package: &str) -> Pack {
        let mut maker = KeyMaker::new();
        maker.add(b"code 1");
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
