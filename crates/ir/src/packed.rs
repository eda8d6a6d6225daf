//! Functions in a form that can be written to a file: without interned names, and with
//! positions that the caller translates. Symbols and sites are the caller's numbers too.

use crate::{
    Block, BlockData, FuncFlags, Function, Inst, InstData, Loc, LocData, Signature, SiteId, Slot,
    SlotData, SymId, Value, ValueData,
};
use goxide_base::{FxHashMap, Pos, Symbol};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A function that can be written.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Packed {
    sym: SymId,
    sig: Signature,
    flags: FuncFlags,
    pos: u32,
    blocks: Vec<BlockData>,
    insts: Vec<InstData>,
    values: Vec<ValueData>,
    slots: Vec<SlotData>,
    locs: Vec<PackedLoc>,
    /// The function's name, then those that locations have.
    names: Vec<String>,
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
    /// The function as it can be written; `pos` gives a number for each position, or `None`
    /// if there is none for it. Names of variables for `-m` are left out.
    pub fn pack(self, pos: impl Fn(Pos) -> Option<u32>) -> Option<Packed> {
        let mut names = vec![self.name.as_str().to_string()];
        let mut numbers: FxHashMap<Symbol, u32> = FxHashMap::default();
        numbers.insert(self.name, 0);
        let mut locs = Vec::with_capacity(self.locs.len());
        for loc in self.locs.iter() {
            let function = *numbers.entry(loc.function).or_insert_with(|| {
                names.push(loc.function.as_str().to_string());
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
        Some(Packed {
            sym: self.sym,
            sig: self.sig,
            flags: self.flags,
            pos: pos(self.pos)?,
            blocks: self.blocks.into_raw(),
            insts: self.insts.into_raw(),
            values: self.values.into_raw(),
            slots: self.slots.into_raw(),
            locs,
            names,
        })
    }
}

impl Packed {
    /// The function; `pos` gives the positions of the numbers. `None`: it makes no sense.
    pub fn unpack(self, pos: impl Fn(u32) -> Pos) -> Option<Function> {
        let names: Vec<Symbol> = self.names.iter().map(|n| Symbol::intern(n)).collect();
        let loc = |loc: PackedLoc| {
            Some(LocData {
                pos: pos(loc.pos),
                function: *names.get(loc.function as usize)?,
                function_pos: pos(loc.function_pos),
                parent: loc.parent,
                site: loc.site,
            })
        };
        let locs = self.locs.into_iter().map(loc).collect::<Option<_>>()?;
        Some(Function {
            sym: self.sym,
            name: *names.first()?,
            sig: self.sig,
            pos: pos(self.pos),
            blocks: self.blocks.into_iter().collect(),
            insts: self.insts.into_iter().collect(),
            values: self.values.into_iter().collect(),
            slots: self.slots.into_iter().collect(),
            locs,
            flags: self.flags,
            shown: None,
        })
    }

    /// Calls `f` for the function's own symbol and all that it names.
    pub fn for_each_sym_mut(&mut self, mut f: impl FnMut(&mut SymId)) {
        f(&mut self.sym);
        self.insts
            .iter_mut()
            .for_each(|inst| inst.op.for_each_sym_mut(&mut f));
        self.blocks
            .iter_mut()
            .for_each(|block| block.term.for_each_sym_mut(&mut f));
    }

    /// Calls `f` for every site that the function names.
    pub fn for_each_site_mut(&mut self, mut f: impl FnMut(&mut SiteId)) {
        for inst in &mut self.insts {
            if let crate::Op::Call {
                site: Some(site), ..
            } = &mut inst.op
            {
                f(site);
            }
        }
        for loc in &mut self.locs {
            loc.site.iter_mut().for_each(&mut f);
        }
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
