//! What lowering a body asks of the rest of the program.

use super::wire::as_bytes;
use crate::mono::{IMethod, RType};
use crate::program::{FuncInst, Lower, Synthetic};
use goxide_base::{FxHashMap, FxHashSet, Pos, Symbol};
use goxide_ir::{DataReloc, DataSection, Function, Packed, SiteData, SiteId, SymId};
use goxide_types::{ObjId, PkgId};
use serde::{Deserialize, Serialize};

/// One thing asked for. Symbols in it are numbers: 0 the function itself, others one more
/// than the place in the list of the effect that gave them. Sites are numbered in order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// What a call of this function means, and whether that is a function of the program.
    Target(FuncInst, bool),
    /// A function of the compiler's making.
    Synthetic(Synthetic),
    /// A descriptor.
    Desc(RType),
    /// A descriptor for interfaces and reflection.
    LiveDesc(RType),
    /// The name of a descriptor.
    DescName(RType),
    /// An itab: interface type, type.
    Itab(RType, RType),
    /// A string's text.
    String(Vec<u8>),
    /// A constant, and its alignment.
    Constant(Contents, u64),
    /// The func value of a function.
    FuncValue(SymId),
    /// A package-level variable.
    Global(ObjId),
    /// So many zero bytes.
    Zero(u64),
    /// A function's symbol by name.
    Func(Symbol),
    /// A data object's symbol by name.
    Data(Symbol),
    /// The word that makes things escape.
    EscapeWord,
    /// A zeroed data object of so many bytes.
    Word(SymId, u64),
    /// A site.
    Site(SiteData),
    /// A data object that holds a site's number.
    SiteNumber(SymId, SiteId),
    /// An interface method is called.
    Call(IMethod),
    /// `reflect` may be asked for the method of this name, or for any.
    Reflect(Option<Symbol>),
    /// A data symbol of the compiler's making.
    Fresh(Symbol),
    /// A data object.
    Object(SymId, Object),
    /// The initial contents of a variable.
    Image(SymId, Contents),
    /// This function is the code of an initialiser of a package, by its place in the order.
    InitCode(PkgId, usize, SymId),
}

/// Bytes, and addresses in them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Contents {
    /// Bytes.
    #[serde(with = "as_bytes")]
    pub bytes: Vec<u8>,
    /// Places, symbols, what is added.
    pub places: Vec<(u64, SymId, i64)>,
}

/// A data object.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Object {
    /// Where it goes.
    pub section: DataSection,
    /// Its alignment.
    pub align: u64,
    /// Its size.
    pub size: u64,
    /// What it begins with.
    pub contents: Contents,
}

/// The effects of the function that is being lowered.
pub struct Record {
    /// Inside of something asked for: what that asks for is not noted.
    inside: bool,
    pub(super) effects: Vec<Effect>,
    known: FxHashSet<Effect>,
    /// Symbols by number.
    pub(super) symbols: Vec<Option<SymId>>,
    numbers: FxHashMap<SymId, u32>,
    sites: FxHashMap<SiteId, u32>,
    /// The functions made.
    pub(super) functions: Vec<Packed>,
    /// Where the file begins and ends that the function is in.
    pub(super) file: (Pos, Pos),
    /// Something was asked for that cannot be noted.
    pub(super) broken: bool,
}

impl Record {
    /// Nothing asked for yet; the function's symbol if it has one, and its file's begin and
    /// end.
    pub fn new(own: Option<SymId>, file: (Pos, Pos)) -> Record {
        Record {
            inside: false,
            effects: Vec::new(),
            known: FxHashSet::default(),
            symbols: vec![own],
            numbers: own.map(|own| (own, 0)).into_iter().collect(),
            sites: FxHashMap::default(),
            functions: Vec::new(),
            file,
            broken: false,
        }
    }

    /// The number of a symbol.
    pub fn number(&self, sym: SymId) -> Option<SymId> {
        self.numbers.get(&sym).copied().map(SymId)
    }

    /// The number of a site.
    pub fn site(&self, site: SiteId) -> Option<SiteId> {
        self.sites.get(&site).copied().map(SiteId)
    }

    /// A position as its number in the function's file, if it is in that.
    pub(super) fn place(&self, pos: Pos) -> Option<u32> {
        let (begin, end) = self.file;
        let is_there = pos == Pos::NONE || begin <= pos && pos <= end;
        is_there.then(|| pos.in_file(begin))
    }

    fn push(&mut self, effect: Option<Effect>, answer: Option<SymId>) {
        let Some(effect) = effect else {
            self.broken = true;
            return;
        };
        // Asking twice is as good as once, but for what is new each time.
        let again = !matches!(effect, Effect::Site(_) | Effect::Fresh(_));
        if again && !self.known.insert(effect.clone()) {
            return;
        }
        self.effects.push(effect);
        self.symbols.push(answer);
        if let Some(sym) = answer {
            let number = self.effects.len() as u32;
            self.numbers.entry(sym).or_insert(number);
        }
    }

    fn add_function(&mut self, function: &Function) {
        let symbol = |sym| Some(self.number(sym)?.0);
        let site = |site| Some(self.site(site)?.0);
        let packed = match self.inside || self.broken {
            true => None,
            false => function.pack(symbol, site, |pos| self.place(pos)),
        };
        match packed {
            Some(packed) => self.functions.push(packed),
            None => self.broken = true,
        }
    }
}

impl Lower<'_> {
    /// Does something for the function that is being lowered, and notes what `effect` says of
    /// the result, with the symbol that it gave. If there is nothing to say, the body is not
    /// kept.
    pub(crate) fn noted_with<R>(
        &mut self,
        effect: impl FnOnce(&Record, &R) -> (Option<Effect>, Option<SymId>),
        work: impl FnOnce(&mut Self) -> R,
    ) -> R {
        match &mut self.record {
            Some(record) if !record.inside => record.inside = true,
            _ => return work(self),
        }
        let result = work(self);
        if let Some(record) = &mut self.record {
            record.inside = false;
            let (effect, answer) = effect(record, &result);
            record.push(effect, answer);
        }
        result
    }

    /// The same for what gives nothing to name.
    pub(crate) fn noted<R>(
        &mut self,
        effect: impl FnOnce(&Record) -> Option<Effect>,
        work: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.noted_with(|record, _| (effect(record), None), work)
    }

    /// The same for what gives a symbol.
    pub(crate) fn noted_sym(
        &mut self,
        effect: impl FnOnce(&Record) -> Option<Effect>,
        work: impl FnOnce(&mut Self) -> SymId,
    ) -> SymId {
        self.noted_with(|record, sym| (effect(record), Some(*sym)), work)
    }

    /// Adds a site.
    pub fn add_site(&mut self, site: SiteData) -> SiteId {
        let work = |l: &mut Self| l.module.sites.push(site);
        let id = self.noted(|_| Some(Effect::Site(site)), work);
        if let Some(record) = &mut self.record {
            let number = record.sites.len() as u32;
            record.sites.insert(id, number);
        }
        id
    }

    /// Notes a finished function.
    pub(crate) fn note_function(&mut self, function: &Function) {
        if let Some(record) = &mut self.record {
            record.add_function(function);
        }
    }

    /// Keeps nothing of what is being lowered.
    pub(crate) fn note_nothing(&mut self) {
        if let Some(record) = &mut self.record {
            record.broken = true;
        }
    }

    /// Something is done that has no [`Effect`] of its own: it must be part of one.
    pub(crate) fn note_part(&mut self) {
        if let Some(record) = &mut self.record {
            record.broken |= !record.inside;
        }
    }
}

/// The places of relocations, as they can be noted.
pub fn places(record: &Record, relocs: &[DataReloc]) -> Option<Vec<(u64, SymId, i64)>> {
    let place = |reloc: &DataReloc| match *reloc {
        DataReloc::Abs64(at, sym, addend) => Some((at, record.number(sym)?, addend)),
        _ => None,
    };
    relocs.iter().map(place).collect()
}
