//! The program as a whole: symbols, data objects, sites.

use crate::Function;
use goxide_abi::SiteKind;
use goxide_base::{FxHashMap, FxHashSet, IndexVec, Pos, Symbol, define_index};
use serde::{Deserialize, Serialize};

define_index! {
    /// A function, data object or runtime symbol of the program.
    pub struct SymId = "@";
}
define_index! {
    /// A `defer`, `go`, `select`, channel operation or call of the source.
    pub struct SiteId = "site";
}

/// What a symbol names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SymKind {
    /// A compiled function.
    Func,
    /// A data object.
    Data,
    /// Something of the runtime image (`runtime.morestack`).
    Runtime,
}

/// Names of the program's symbols.
#[derive(Default, Debug)]
pub struct Symbols {
    names: IndexVec<SymId, (Symbol, SymKind)>,
    by_name: FxHashMap<Symbol, SymId>,
}

impl Symbols {
    /// The symbol with this linker name, made if new.
    ///
    /// # Panics
    /// If the name is known as another kind.
    pub fn get(&mut self, name: Symbol, kind: SymKind) -> SymId {
        if let Some(&id) = self.by_name.get(&name) {
            assert_eq!(self.names[id].1, kind, "symbol {name} is of two kinds");
            return id;
        }
        let id = self.names.push((name, kind));
        self.by_name.insert(name, id);
        id
    }

    /// The symbol with this name, if there is one.
    pub fn find(&self, name: Symbol) -> Option<SymId> {
        self.by_name.get(&name).copied()
    }

    /// Linker name of a symbol.
    pub fn name(&self, id: SymId) -> Symbol {
        self.names[id].0
    }

    /// What a symbol names.
    pub fn kind(&self, id: SymId) -> SymKind {
        self.names[id].1
    }

    /// Number of symbols.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// Where a data object goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum DataSection {
    /// Never written.
    ReadOnly,
    /// Written, with initial contents; scanned for pointers.
    Data,
    /// Zeroed; scanned for pointers. `bytes` is empty, `size` counts.
    Bss,
    /// Zeroed or initialised, written, holds no pointers to the heap.
    NoPointers,
}

/// One data object.
#[derive(Clone, Debug)]
pub struct Data {
    /// Its symbol.
    pub sym: SymId,
    /// Where it goes.
    pub section: DataSection,
    /// Alignment in bytes.
    pub align: u32,
    /// Contents (shorter than `size`: the rest is zero).
    pub bytes: Vec<u8>,
    /// Size in bytes.
    pub size: u64,
    /// Addresses in it.
    pub relocs: Vec<DataReloc>,
}

/// An address in a data object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DataReloc {
    /// 8 bytes at the offset: address of the symbol plus addend.
    Abs64(u64, SymId, i64),
    /// 4 bytes at the offset: symbol's address minus the start of the module's read-only
    /// data (`NameOff`, `TypeOff`).
    RodataOff32(u64, SymId),
    /// 4 bytes at the offset: symbol's address minus the start of the module's text (`TextOff`).
    TextOff32(u64, SymId),
}

/// One site.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SiteData {
    /// What it is.
    pub kind: SiteKind,
    /// Where.
    pub pos: Pos,
    /// In which function.
    pub function: Symbol,
}

/// Something the compiler can tell about its work (`-gcflags=-m`, `-d=defer`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Where.
    pub pos: Pos,
    /// About what.
    pub topic: Topic,
    /// What.
    pub text: String,
}

/// What a [`Note`] is about, in the order of reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Topic {
    /// Whether a function can be inlined.
    CanInline,
    /// A call that was inlined.
    Inlined,
    /// Where a variable or an object lives, and what becomes of a parameter.
    Escape,
    /// The form of a deferred call.
    Defer,
}

/// A whole program.
#[derive(Default, Debug)]
pub struct Module {
    /// All symbols.
    pub symbols: Symbols,
    /// Data whose names are numbers given out in the order in which things were met: a name
    /// says nothing from one compilation to the next. Never written at run time, or not named
    /// by code.
    pub numbered: FxHashSet<SymId>,
    /// Functions, in no order that matters.
    pub functions: Vec<Function>,
    /// Data objects.
    pub data: Vec<Data>,
    /// Sites.
    pub sites: IndexVec<SiteId, SiteData>,
    /// Type descriptors to list in `reflect`'s type links, sorted by type string.
    pub typelinks: Vec<SymId>,
    /// Itabs made at compile time.
    pub itabs: Vec<SymId>,
    /// What was found out about it on the way.
    pub notes: Vec<Note>,
}
