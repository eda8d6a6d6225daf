//! Lowered bodies: what makes it unnecessary to check and lower a function again.
//!
//! ```text
//! CACHE/bodies/KEY   a pack: bodies of one package; KEY is a hash of the compiler that runs,
//!                    of the optimiser's settings, of the package's files and those of all
//!                    that it imports, directly or not, and of package runtime with what it
//!                    imports
//! ```
//!
//! An entry is found by the name of a function's symbol (and what stands for the packages of
//! its type arguments). It has the effects of lowering it
//! ([`goxide_lower::Bodies`]), and for it and each of its literals [`Facts`] and the IR. While
//! the facts are all that somebody wants to know, the IR is not looked at.

use super::facts::Facts;
use super::hash::{Bytes, Hash, hash_of};
use super::names::Files;
use super::pack::Pack;
use super::{CodeCache, Entry};
use crate::cache::{KeyMaker, trim_dir};
use crate::check::Checked;
use goxide_base::{FxHashMap, IndexVec};
use goxide_ir::{Function, Numbers, SymId};
use goxide_load::{Package, PackageId};
use goxide_lower::{Answers, Key, LoweredUnit};
use goxide_types::PkgId;
use rayon::prelude::*;
use std::ops::Range;
use std::path::PathBuf;

/// Bytes of all packs together.
const KEPT_BYTES: u64 = 256 << 20;

/// The bodies of a program's packages.
pub struct Bodies {
    dir: PathBuf,
    read: bool,
    /// Under what a package's bodies lie.
    keys: FxHashMap<PkgId, Hash>,
    packs: FxHashMap<PkgId, Opened>,
    /// What was found last.
    found: Option<Found>,
    /// What has been replayed.
    units: Vec<Unit>,
    /// The functions of these.
    functions: usize,
    /// What is to be kept.
    pub new: Vec<NewUnit>,
}

/// A pack, and what was used of it.
struct Opened {
    pack: Pack,
    used: Vec<(Hash, Option<Entry>)>,
}

/// A unit in the cache: what is known about its functions, and where their IR lies.
struct Found {
    package: PkgId,
    entry: Hash,
    functions: Functions,
}

/// What is known about functions, and where in an entry their IR lies.
type Functions = Vec<(Facts, Range<usize>)>;

/// A unit that was replayed.
struct Unit {
    found: Found,
    answers: Answers,
    /// Its functions' symbols.
    symbols: Vec<SymId>,
    /// The number of its first function among all of the program.
    at: usize,
}

/// A unit that was lowered.
pub struct NewUnit {
    package: PkgId,
    entry: Hash,
    /// What lowering says about it.
    pub lowered: LoweredUnit,
}

/// A function of a kept unit.
pub struct KeptFunction {
    /// Its number among all functions of the program.
    pub at: usize,
    /// Its symbol.
    pub sym: SymId,
    unit: usize,
    number: usize,
}

impl Bodies {
    /// The bodies in a cache for a checked program.
    pub fn new(cache: &CodeCache, checked: &Checked, files: &Files) -> Bodies {
        let packages = &checked.graph.packages;
        let closures = closures(checked, files);
        let runtime = packages
            .iter_enumerated()
            .find(|(_, p)| p.path == "runtime");
        let runtime = runtime.map_or(Hash::default(), |(id, _)| closures[id]);
        let key = |(id, package): (PackageId, &Package)| {
            let mut bytes = Bytes::default();
            bytes.text(&cache.passes);
            bytes.text(&package.path);
            bytes.0.extend(closures[id]);
            bytes.0.extend(runtime);
            (checked.ids[id], bytes.hash())
        };
        Bodies {
            dir: cache.root.join("bodies"),
            read: cache.read,
            keys: packages.iter_enumerated().map(key).collect(),
            packs: FxHashMap::default(),
            found: None,
            units: Vec::new(),
            functions: 0,
            new: Vec::new(),
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

    /// Under what a function lies in its package's pack.
    fn entry(&self, function: &Key) -> Hash {
        let mut bytes = Bytes::default();
        bytes.text(function.name.as_str());
        for other in &function.others {
            bytes
                .0
                .extend(self.keys.get(other).copied().unwrap_or_default());
        }
        bytes.hash()
    }

    /// The functions of all units that were replayed, in the order of the program.
    pub fn kept(&self) -> Vec<KeptFunction> {
        let mut all = Vec::with_capacity(self.functions);
        for (unit, kept) in self.units.iter().enumerate() {
            for number in 0..kept.symbols.len() {
                all.push(KeptFunction {
                    at: kept.at + number,
                    sym: kept.symbols[number],
                    unit,
                    number,
                });
            }
        }
        all
    }

    /// What is known about a kept function.
    pub fn facts(&self, function: &KeptFunction) -> &Facts {
        &self.units[function.unit].found.functions[function.number].0
    }

    /// What the numbers in the facts of a kept function stand for.
    pub fn answers(&self, function: &KeptFunction) -> &Answers {
        &self.units[function.unit].answers
    }

    /// The function as lowering left it. `None`: the cache is damaged.
    pub fn function(&self, function: &KeptFunction) -> Option<Function> {
        let Unit { found, answers, .. } = &self.units[function.unit];
        let entry = self.packs.get(&found.package)?.pack.get(&found.entry)?;
        let ir = entry.get(found.functions[function.number].1.clone())?;
        let numbers = Numbers {
            symbols: &answers.symbols,
            sites: &answers.sites,
            file: answers.file,
        };
        Function::unpack(ir, &numbers)
    }

    /// Keeps a unit with the facts about its functions.
    pub fn keep(&mut self, unit: NewUnit, facts: &[Facts]) {
        let Ok(facts) = postcard::to_allocvec(facts) else {
            return;
        };
        let effects = &unit.lowered.effects;
        let mut bytes = Vec::new();
        for part in [effects, &facts] {
            bytes.extend((part.len() as u32).to_le_bytes());
        }
        bytes.extend(effects);
        bytes.extend(facts);
        for function in &unit.lowered.functions {
            bytes.extend(&function.bytes);
        }
        if let Some(opened) = self.opened(unit.package) {
            opened.used.push((unit.entry, Some(bytes.into())));
        }
    }

    /// Writes what is new.
    pub fn finish(self) {
        let all: Vec<Opened> = self.packs.into_values().collect();
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

impl goxide_lower::Bodies for Bodies {
    fn find(&mut self, function: &Key) -> Option<Vec<u8>> {
        let entry = self.entry(function);
        let package = function.package;
        let opened = self.opened(package)?;
        let (effects, functions) = read(opened.pack.get(&entry)?)?;
        opened.used.push((entry, None));
        self.found = Some(Found {
            package,
            entry,
            functions,
        });
        Some(effects)
    }

    fn replayed(&mut self, answers: Answers, functions: usize) -> Option<()> {
        let found = self.found.take()?;
        let symbol = |number: u32| *answers.symbols.get(number as usize)?;
        let symbols = found.functions.iter().map(|(facts, _)| symbol(facts.sym));
        let symbols: Vec<SymId> = symbols.collect::<Option<_>>()?;
        let at = functions + self.functions;
        self.functions += symbols.len();
        self.units.push(Unit {
            found,
            answers,
            symbols,
            at,
        });
        Some(())
    }

    fn lowered(&mut self, function: &Key, lowered: LoweredUnit) {
        self.new.push(NewUnit {
            package: function.package,
            entry: self.entry(function),
            lowered,
        });
    }
}

/// The effects in an entry, and what is known about its functions, with the places of their
/// IR.
fn read(entry: &[u8]) -> Option<(Vec<u8>, Functions)> {
    let (sizes, rest) = entry.split_at_checked(8)?;
    let size = |at: usize| Some(u32::from_le_bytes(sizes[at..at + 4].try_into().ok()?) as usize);
    let (effects, rest) = rest.split_at_checked(size(0)?)?;
    let (facts, _) = rest.split_at_checked(size(4)?)?;
    let mut at = 8 + effects.len() + facts.len();
    let facts: Vec<Facts> = postcard::from_bytes(facts).ok()?;
    let place = |facts: Facts| {
        let begin = at;
        at += facts.ir_bytes as usize;
        (facts, begin..at)
    };
    Some((effects.to_vec(), facts.into_iter().map(place).collect()))
}

/// A hash for each package of its files and of all that it imports.
fn closures(checked: &Checked, files: &Files) -> IndexVec<PackageId, Hash> {
    let mut closures: IndexVec<PackageId, Hash> = IndexVec::new();
    // Importees come first.
    for (id, package) in checked.graph.packages.iter_enumerated() {
        let mut bytes = contents(package, files);
        bytes.word(checked.languages[id].0);
        for (path, id) in &package.imports {
            bytes.text(path);
            bytes.0.extend(closures[*id]);
        }
        closures.push(bytes.hash());
    }
    closures
}

fn contents(package: &Package, files: &Files) -> Bytes {
    let mut bytes = Bytes::default();
    bytes.text(&package.path);
    bytes.text(package.symbol_path());
    for fact in [package.has_assembly, package.is_std, package.is_root] {
        bytes.word(fact.into());
    }
    for file in &package.files {
        bytes.text(&file.path.to_string_lossy());
        bytes.text(&file.go_version.to_string());
        bytes.word(file.overlay.into());
        let known = files.text_of(&file.path, &file.shown);
        bytes.0.extend(known.unwrap_or_else(|| hash_of(&file.text)));
    }
    bytes.word(package.removed.len() as u32);
    package.removed.iter().for_each(|name| bytes.text(name));
    bytes
}
