//! What lowering a body asks of the rest of the program.

use crate::mono::{IMethod, RType};
use crate::program::{FuncInst, Lower, Synthetic};
use goxide_base::{FxHashMap, Symbol};
use goxide_ir::{DataReloc, Function, SiteData, SiteId, SymId};
use goxide_types::ObjId;

/// One thing asked for. Symbols in it are numbers: 0 the function itself, others one more
/// than the place in the list of the effect that gave them. Sites are numbered in order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// What a call of this function means.
    Target(FuncInst),
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
    /// A constant: bytes, addresses in them, alignment.
    Constant(Vec<u8>, Vec<(u64, SymId, i64)>, u64),
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
}

/// The effects of the function that is being lowered.
pub struct Record {
    /// Inside of something asked for: what that asks for is not noted.
    pub(super) inside: bool,
    pub(super) effects: Vec<Effect>,
    known: FxHashMap<Effect, ()>,
    /// Symbols by number.
    numbers: FxHashMap<SymId, u32>,
    sites: FxHashMap<SiteId, u32>,
    /// The functions made.
    pub(super) functions: Vec<Function>,
    /// Something was asked for that cannot be noted.
    pub(super) broken: bool,
}

impl Record {
    /// Nothing asked for yet; the function's symbol.
    pub fn new(own: SymId) -> Record {
        Record {
            inside: false,
            effects: Vec::new(),
            known: FxHashMap::default(),
            numbers: [(own, 0)].into_iter().collect(),
            sites: FxHashMap::default(),
            functions: Vec::new(),
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

    fn push(&mut self, effect: Option<Effect>, answer: Option<SymId>) {
        let Some(effect) = effect else {
            self.broken = true;
            return;
        };
        // Asking twice is as good as once, but for sites, which are all different.
        let again = !matches!(effect, Effect::Site(_));
        if again && self.known.insert(effect.clone(), ()).is_some() {
            return;
        }
        self.effects.push(effect);
        if let Some(sym) = answer {
            let number = self.effects.len() as u32;
            self.numbers.entry(sym).or_insert(number);
        }
    }
}

impl Lower<'_> {
    /// Does something for the function that is being lowered, and notes it. `effect` may fail
    /// to say what it was: then the body is not kept.
    pub(crate) fn noted<R>(
        &mut self,
        effect: impl FnOnce(&Record) -> Option<Effect>,
        work: impl FnOnce(&mut Self) -> R,
        answer: impl FnOnce(&R) -> Option<SymId>,
    ) -> R {
        match &mut self.record {
            Some(record) if !record.inside => record.inside = true,
            _ => return work(self),
        }
        let result = work(self);
        if let Some(record) = &mut self.record {
            record.inside = false;
            let effect = effect(record);
            record.push(effect, answer(&result));
        }
        result
    }

    /// The same for what gives a symbol.
    pub(crate) fn noted_sym(
        &mut self,
        effect: impl FnOnce(&Record) -> Option<Effect>,
        work: impl FnOnce(&mut Self) -> SymId,
    ) -> SymId {
        self.noted(effect, work, |sym| Some(*sym))
    }

    /// Adds a site.
    pub fn add_site(&mut self, site: SiteData) -> SiteId {
        let work = |l: &mut Self| l.module.sites.push(site);
        let id = self.noted(|_| Some(Effect::Site(site)), work, |_| None);
        if let Some(record) = &mut self.record {
            let number = record.sites.len() as u32;
            record.sites.insert(id, number);
        }
        id
    }

    /// Notes a finished function.
    pub(crate) fn note_function(&mut self, function: &Function) {
        if let Some(record) = &mut self.record {
            record.broken |= record.inside;
            record.functions.push(function.clone());
        }
    }
}

/// The places of relocations in a constant, as they can be noted.
pub fn places(record: &Record, relocs: &[DataReloc]) -> Option<Vec<(u64, SymId, i64)>> {
    let place = |reloc: &DataReloc| match *reloc {
        DataReloc::Abs64(at, sym, addend) => Some((at, record.number(sym)?, addend)),
        _ => None,
    };
    relocs.iter().map(place).collect()
}
