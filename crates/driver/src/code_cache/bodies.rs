//! Lowered bodies of packages that are not being worked on: the SDK's and those of other
//! modules.
//!
//! ```text
//! CACHE/bodies/KEY   a pack: bodies of one package; KEY is a hash of the compiler that runs,
//!                    of the package's files and those of all that it imports, directly or
//!                    not, of package runtime with what it imports, and of all linknames of
//!                    the program
//! ```

use super::hash::{Bytes, Hash, hash_of};
use super::pack::Pack;
use super::{CodeCache, Entry};
use crate::cache::{KeyMaker, trim_dir};
use crate::check::Checked;
use goxide_base::{FxHashMap, IndexVec};
use goxide_load::{Package, PackageId};
use goxide_lower::Bodies;
use goxide_types::PkgId;
use rayon::prelude::*;
use std::path::PathBuf;

/// Bytes of all packs together.
const KEPT_BYTES: u64 = 256 << 20;

/// The bodies of a program's packages.
pub struct KeptBodies {
    dir: PathBuf,
    read: bool,
    /// Under what a package's bodies lie, if they are kept.
    keys: FxHashMap<PkgId, Hash>,
    packs: FxHashMap<PkgId, Opened>,
}

/// A pack, and what was used of it.
struct Opened {
    pack: Pack,
    used: Vec<(Hash, Option<Entry>)>,
}

impl KeptBodies {
    /// The bodies in a cache for a checked program.
    pub fn new(cache: &CodeCache, checked: &Checked) -> KeptBodies {
        let packages = &checked.graph.packages;
        let closures = closures(packages);
        let mut shared = Bytes::default();
        for (id, package) in packages.iter_enumerated() {
            if package.path == "runtime" {
                shared.0.extend(closures[id]);
            }
        }
        linknames(checked, &mut shared);
        let shared = shared.hash();
        let is_foreign = |p: &Package| p.is_std || p.module.as_ref().is_some_and(|m| !m.main);
        let keys = packages.iter_enumerated().filter(|(_, p)| is_foreign(p));
        let keys = keys.map(|(id, package)| {
            let mut bytes = Bytes::default();
            bytes.text(&package.path);
            bytes.0.extend(closures[id]);
            bytes.0.extend(shared);
            (checked.ids[id], bytes.hash())
        });
        KeptBodies {
            dir: cache.root.join("bodies"),
            read: cache.read,
            keys: keys.collect(),
            packs: FxHashMap::default(),
        }
    }

    fn opened(&mut self, package: PkgId) -> Option<&mut Opened> {
        let key = self.keys.get(&package)?;
        Some(self.packs.entry(package).or_insert_with(|| {
            let mut maker = KeyMaker::new();
            maker.add(b"bodies 1");
            maker.add(key);
            Opened {
                pack: Pack::open(self.dir.join(maker.finish().name()), self.read),
                used: Vec::new(),
            }
        }))
    }
}

impl Bodies for KeptBodies {
    fn find(&mut self, package: PkgId, function: &str) -> Option<Vec<u8>> {
        let opened = self.opened(package)?;
        let name = hash_of(function.as_bytes());
        let body = opened.pack.get(&name)?.to_vec();
        opened.used.push((name, None));
        Some(body)
    }

    fn is_kept(&self, package: PkgId) -> bool {
        self.keys.contains_key(&package)
    }

    fn keep(&mut self, package: PkgId, function: &str, body: Vec<u8>) {
        if let Some(opened) = self.opened(package) {
            let name = hash_of(function.as_bytes());
            opened.used.push((name, Some(body.into())));
        }
    }

    fn finish(&mut self) {
        let all: Vec<Opened> = self.packs.drain().map(|(_, opened)| opened).collect();
        let is_new = |opened: &Opened| opened.used.iter().any(|(_, new)| new.is_some());
        let new = all.iter().any(is_new);
        all.into_par_iter().for_each(|opened| {
            // What cannot be kept is lowered again the next time.
            let _ = opened.pack.update(opened.used);
        });
        if new {
            trim_dir(&self.dir, KEPT_BYTES, usize::MAX);
        }
    }
}

/// A hash for each package of its files and of all that it imports.
fn closures(packages: &IndexVec<PackageId, Package>) -> IndexVec<PackageId, Hash> {
    let list: Vec<&Package> = packages.iter().collect();
    let own: Vec<Bytes> = list.par_iter().map(|package| contents(package)).collect();
    let mut closures: IndexVec<PackageId, Hash> = IndexVec::new();
    // Importees come first.
    for (package, mut bytes) in list.into_iter().zip(own) {
        for (path, id) in &package.imports {
            bytes.text(path);
            bytes.0.extend(closures[*id]);
        }
        closures.push(bytes.hash());
    }
    closures
}

fn contents(package: &Package) -> Bytes {
    let mut bytes = Bytes::default();
    bytes.text(&package.path);
    bytes.text(package.symbol_path());
    bytes.text(&package.go_version.to_string());
    bytes.word(package.has_assembly.into());
    for file in &package.files {
        bytes.text(&file.path.to_string_lossy());
        bytes.text(&file.go_version.to_string());
        bytes.word(file.overlay.into());
        bytes.0.extend(hash_of(&file.text));
    }
    bytes.word(package.removed.len() as u32);
    package.removed.iter().for_each(|name| bytes.text(name));
    bytes
}

/// All linknames of a program: they decide what a name means in other packages.
fn linknames(checked: &Checked, bytes: &mut Bytes) {
    for package in checked.program.packages.iter() {
        bytes.text(package.path.as_str());
        let directives = package.files.iter().flat_map(|file| &file.all_directives);
        for directive in directives {
            if directive.verb().starts_with("go:linkname") {
                bytes.text(directive.text.as_str());
            }
        }
    }
}
