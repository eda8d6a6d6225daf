//! Functions as bytes: without what is a matter of chance in one compilation, that is the
//! numbers of symbols, sites and interned names, and where a file begins.

use crate::{
    Block, BlockData, Callee, FuncFlags, Function, Inst, InstData, Loc, Op, Signature, SiteId,
    Slot, SlotData, SymId, Value, ValueData,
};
use goxide_base::{FxHashMap, Pos, Symbol};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A function as bytes, and what there is to know about it without reading them.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The function's symbol.
    pub sym: SymId,
    /// All symbols in it, in order of their first use.
    pub symbols: Vec<SymId>,
    /// The methods of interface types that it calls: the type's descriptor, and which.
    pub interface_calls: Vec<(SymId, u32)>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What the numbers in a packed function stand for.
pub struct Numbers<'a> {
    /// Symbols.
    pub symbols: &'a [Option<SymId>],
    /// Sites.
    pub sites: &'a [SiteId],
    /// Where the file begins that all positions are in.
    pub file: Pos,
}

/// A function as it is written. The lists of pairs tell what the symbols and sites in it are
/// numbered.
#[derive(serde::Serialize)]
struct Written<'a> {
    sym: SymId,
    sig: &'a Signature,
    flags: FuncFlags,
    pos: u32,
    blocks: &'a [BlockData],
    insts: &'a [InstData],
    values: &'a [ValueData],
    slots: &'a [SlotData],
    locs: Vec<PackedLoc>,
    names: Vec<&'a str>,
    symbols: Vec<(SymId, u32)>,
    sites: Vec<(SiteId, u32)>,
}

/// The same as it is read.
#[derive(serde::Deserialize)]
struct Read<'a> {
    sym: SymId,
    sig: Signature,
    flags: FuncFlags,
    pos: u32,
    blocks: Vec<BlockData>,
    insts: Vec<InstData>,
    values: Vec<ValueData>,
    slots: Vec<SlotData>,
    locs: Vec<PackedLoc>,
    #[serde(borrow)]
    names: Vec<&'a str>,
    symbols: Vec<(SymId, u32)>,
    sites: Vec<(SiteId, u32)>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct PackedLoc {
    pos: u32,
    function: u32,
    function_pos: u32,
    parent: Option<Loc>,
    site: Option<SiteId>,
}

impl Function {
    /// Packs the function. The closures give the numbers of symbols, sites and positions
    /// ([`Pos::in_file`]); `None`: one has none, or there are names for reports.
    pub fn pack(
        &self,
        symbol: impl Fn(SymId) -> Option<u32>,
        site: impl Fn(SiteId) -> Option<u32>,
        pos: impl Fn(Pos) -> Option<u32>,
    ) -> Option<Packed> {
        if self.shown.is_some() {
            return None;
        }
        let used = Used::of(self);
        let mut names = vec![self.name.as_str()];
        let mut numbers: FxHashMap<Symbol, u32> = FxHashMap::default();
        numbers.insert(self.name, 0);
        let mut locs = Vec::with_capacity(self.locs.len());
        for loc in self.locs.iter() {
            let function = *numbers.entry(loc.function).or_insert_with(|| {
                names.push(loc.function.as_str());
                names.len() as u32 - 1
            });
            locs.push(PackedLoc {
                pos: pos(loc.pos)?,
                function,
                function_pos: pos(loc.function_pos)?,
                parent: loc.parent,
                site: loc.site,
            });
        }
        let numbered = used.symbols.iter().map(|&sym| Some((sym, symbol(sym)?)));
        let written = Written {
            sym: self.sym,
            sig: &self.sig,
            flags: self.flags,
            pos: pos(self.pos)?,
            blocks: self.blocks.as_slice(),
            insts: self.insts.as_slice(),
            values: self.values.as_slice(),
            slots: self.slots.as_slice(),
            locs,
            names,
            symbols: numbered.collect::<Option<_>>()?,
            sites: (used.sites.iter())
                .map(|&s| Some((s, site(s)?)))
                .collect::<Option<_>>()?,
        };
        Some(Packed {
            bytes: postcard::to_allocvec(&written).ok()?,
            sym: self.sym,
            symbols: used.symbols,
            interface_calls: used.interface_calls,
        })
    }

    /// The function that was packed; `None`: the bytes and the numbers do not fit.
    pub fn unpack(bytes: &[u8], numbers: &Numbers<'_>) -> Option<Function> {
        let read: Read<'_> = postcard::from_bytes(bytes).ok()?;
        let pos = |number: u32| Pos::from_file(numbers.file, number);
        let names: Vec<Symbol> = read.names.iter().map(|n| Symbol::intern(n)).collect();
        let symbols = read.symbols.into_iter();
        let symbols: FxHashMap<SymId, SymId> = symbols
            .map(|(sym, n)| Some((sym, (*numbers.symbols.get(n as usize)?)?)))
            .collect::<Option<_>>()?;
        let sites = read.sites.into_iter();
        let sites: FxHashMap<SiteId, SiteId> = sites
            .map(|(site, n)| Some((site, *numbers.sites.get(n as usize)?)))
            .collect::<Option<_>>()?;
        let loc = |loc: PackedLoc| {
            Some(crate::LocData {
                pos: pos(loc.pos),
                function: *names.get(loc.function as usize)?,
                function_pos: pos(loc.function_pos),
                parent: loc.parent,
                site: match loc.site {
                    Some(site) => Some(*sites.get(&site)?),
                    None => None,
                },
            })
        };
        let locs = read.locs.into_iter().map(loc).collect::<Option<_>>()?;
        let mut function = Function {
            sym: read.sym,
            name: *names.first()?,
            sig: read.sig,
            pos: pos(read.pos),
            blocks: read.blocks.into_iter().collect(),
            insts: read.insts.into_iter().collect(),
            values: read.values.into_iter().collect(),
            slots: read.slots.into_iter().collect(),
            locs,
            flags: read.flags,
            shown: None,
        };
        let mut fits = true;
        function.for_each_sym_mut(|sym| match symbols.get(sym) {
            Some(known) => *sym = *known,
            None => fits = false,
        });
        for inst in function.insts.iter_mut() {
            if let Op::Call {
                site: Some(site), ..
            } = &mut inst.op
            {
                match sites.get(site) {
                    Some(known) => *site = *known,
                    None => fits = false,
                }
            }
        }
        fits.then_some(function)
    }

    /// Calls `f` for the function's own symbol and all that it names.
    fn for_each_sym_mut(&mut self, mut f: impl FnMut(&mut SymId)) {
        f(&mut self.sym);
        for inst in self.insts.iter_mut() {
            inst.op.for_each_sym_mut(&mut f);
        }
        for block in self.blocks.iter_mut() {
            block.term.for_each_sym_mut(&mut f);
        }
    }
}

/// What a function refers to, each once, in order of the first use.
#[derive(Default)]
struct Used {
    symbols: Vec<SymId>,
    sites: Vec<SiteId>,
    interface_calls: Vec<(SymId, u32)>,
}

impl Used {
    fn of(function: &Function) -> Used {
        let mut used = Used::default();
        let mut known = FxHashMap::default();
        let mut note = |sym: SymId| {
            if known.insert(sym, ()).is_none() {
                used.symbols.push(sym);
            }
        };
        note(function.sym);
        for inst in function.insts.iter() {
            inst.op.clone().for_each_sym_mut(|sym| note(*sym));
            if let Op::Call { callee, site, .. } = &inst.op {
                if let Callee::Interface { iface, index, .. } = callee
                    && !used.interface_calls.contains(&(*iface, *index))
                {
                    used.interface_calls.push((*iface, *index));
                }
                if let Some(site) = site
                    && !used.sites.contains(site)
                {
                    used.sites.push(*site);
                }
            }
        }
        for block in function.blocks.iter() {
            block.term.clone().for_each_sym_mut(|sym| note(*sym));
        }
        for loc in function.locs.iter() {
            if let Some(site) = loc.site
                && !used.sites.contains(&site)
            {
                used.sites.push(site);
            }
        }
        used
    }
}

/// Indices are written as their numbers.
macro_rules! as_number {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_u32(self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                u32::deserialize(from).map($name)
            }
        }
    )*};
}

as_number!(Block Value Inst Slot Loc SymId SiteId);

/// A check's kind is written as its number.
pub(crate) mod panic_kind {
    use super::{Deserialize, Deserializer, Serializer};
    use goxide_abi::PanicKind;

    pub fn serialize<S: Serializer>(kind: &PanicKind, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(*kind as u8)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PanicKind, D::Error> {
        let number = u8::deserialize(from)?;
        let kind = PanicKind::ALL.get(usize::from(number)).copied();
        kind.ok_or_else(|| serde::de::Error::custom("no such check"))
    }
}
