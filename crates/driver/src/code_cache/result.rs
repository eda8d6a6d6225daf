//! What is kept of an optimised function beside its code: what callers need to know of it,
//! where its code is found, what that refers to and where it comes from.

use super::blob::Reader;
use super::hash::{Bytes, Hash};
use super::names::{Files, Names};
use super::shape::Shape;
use goxide_base::{FxHashMap, IndexVec, Pos, Symbol};
use goxide_clif::CompiledFunction;
use goxide_ir::{FuncFlags, Loc, LocData, SymId};
use goxide_opt::Learned;

/// A kept result.
pub struct Kept {
    /// What its callers need to know.
    pub learned: Learned,
    /// The shape by which its code is found.
    pub shape: Hash,
    /// The symbols of that shape.
    pub symbols: Vec<SymId>,
    /// Its flags in the end.
    pub flags: FuncFlags,
    /// Its locations, those that its code names.
    pub locs: IndexVec<Loc, LocData>,
}

/// Flags as bits.
pub fn flag_bits(flags: FuncFlags) -> u32 {
    let FuncFlags {
        wrapper,
        no_inline,
        no_split,
        closure,
        no_return,
        cold,
        landing,
        reinterprets,
        no_params,
    } = flags;
    let all = [
        wrapper,
        no_inline,
        no_split,
        closure,
        no_return,
        cold,
        landing,
        reinterprets,
        no_params,
    ];
    let bit = |(i, set): (usize, bool)| u32::from(set) << i;
    all.into_iter().enumerate().map(bit).sum()
}

fn flags_of(bits: u32) -> FuncFlags {
    let set = |bit: u32| bits >> bit & 1 != 0;
    FuncFlags {
        wrapper: set(0),
        no_inline: set(1),
        no_split: set(2),
        closure: set(3),
        no_return: set(4),
        cold: set(5),
        landing: set(6),
        reinterprets: set(7),
        no_params: set(8),
    }
}

/// Writes a result. `None`: it names something that has no lasting name.
pub fn write(
    function: &CompiledFunction,
    shape: &Shape,
    learned: &Learned,
    names: &Names,
    files: &Files,
) -> Option<Vec<u8>> {
    let mut out = Bytes::default();
    let facts = [learned.no_panic, learned.may_inline];
    out.word(u32::from(facts[0]) | u32::from(facts[1]) << 1);
    let summary = learned.summary.as_deref();
    out.word(summary.map_or(u32::MAX, |words| words.len() as u32));
    summary.into_iter().flatten().for_each(|w| out.word(*w));
    symbols(&mut out, &learned.handlers, names)?;
    out.0.extend(shape.hash);
    symbols(&mut out, &shape.symbols, names)?;
    out.word(flag_bits(function.flags));
    locations(&mut out, function, files)?;
    Some(out.0)
}

fn symbols(out: &mut Bytes, list: &[SymId], names: &Names) -> Option<()> {
    out.word(list.len() as u32);
    for sym in list {
        out.0.extend(names.get(*sym)?);
    }
    Some(())
}

/// The locations that the code's rows name, with their parents; files and functions are
/// numbers in tables behind.
fn locations(out: &mut Bytes, function: &CompiledFunction, files: &Files) -> Option<()> {
    let mut used = vec![false; function.locs.len()];
    for row in &function.lines {
        let mut at = Some(row.loc);
        while let Some(loc) = at.filter(|loc| !used[loc.0 as usize]) {
            used[loc.0 as usize] = true;
            at = function.locs[loc].parent;
        }
    }
    out.word(used.len() as u32);
    out.word(used.iter().filter(|used| **used).count() as u32);
    let (mut paths, mut functions) = (Table::default(), Table::default());
    for (loc, data) in function.locs.iter_enumerated() {
        if !used[loc.0 as usize] {
            continue;
        }
        if data.site.is_some() {
            return None; // its number would not last
        }
        out.word(loc.0);
        out.word(data.parent.map_or(u32::MAX, |parent| parent.0));
        out.word(functions.number(data.function));
        for pos in [data.pos, data.function_pos] {
            let place = files.place(pos);
            out.word(place.map_or(u32::MAX, |(file, _)| paths.number(file)));
            out.word(place.map_or(0, |(_, at)| at));
        }
    }
    out.word(paths.list.len() as u32);
    paths.list.iter().for_each(|f| out.0.extend(files.path(*f)));
    out.word(functions.list.len() as u32);
    functions.list.iter().for_each(|f| out.text(f.as_str()));
    Some(())
}

/// Numbers things in the order in which they come.
struct Table<T> {
    list: Vec<T>,
    numbers: FxHashMap<T, u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table {
            list: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Table<T> {
    fn number(&mut self, thing: T) -> u32 {
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(thing).or_insert(next);
        if number == next {
            self.list.push(thing);
        }
        number
    }
}

/// Reads what [`write`] wrote. `None`: it is damaged, or names what the program lacks.
pub fn read(bytes: &[u8], names: &Names, files: &Files) -> Option<Kept> {
    let mut from = Reader(bytes);
    let facts = from.u32()?;
    let summary = match from.u32()? {
        u32::MAX => None,
        count => Some((0..count).map(|_| from.u32()).collect::<Option<_>>()?),
    };
    let learned = Learned {
        no_panic: facts & 1 != 0,
        may_inline: facts & 2 != 0,
        summary,
        handlers: read_symbols(&mut from, names)?,
    };
    let shape: Hash = from.bytes(size_of::<Hash>())?.try_into().ok()?;
    let symbols = read_symbols(&mut from, names)?;
    let flags = flags_of(from.u32()?);
    let locs = read_locations(&mut from, files)?;
    from.0.is_empty().then_some(Kept {
        learned,
        shape,
        symbols,
        flags,
        locs,
    })
}

fn read_symbols(from: &mut Reader, names: &Names) -> Option<Vec<SymId>> {
    let count = from.u32()?;
    let symbol = |_| names.find(from.bytes(size_of::<Hash>())?);
    (0..count).map(symbol).collect()
}

fn read_locations(from: &mut Reader, files: &Files) -> Option<IndexVec<Loc, LocData>> {
    const WORDS: usize = 7;
    let (all, used) = (from.u32()?, from.u32()?);
    let rows = from.bytes(4 * WORDS * used as usize)?;
    let count = from.u32()?;
    let path = |_| files.find(from.bytes(size_of::<Hash>())?);
    let paths: Vec<Pos> = (0..count).map(path).collect::<Option<_>>()?;
    let count = from.u32()?;
    let name = |_| {
        let length = from.u32()?;
        let text = std::str::from_utf8(from.bytes(length as usize)?).ok()?;
        Some(Symbol::intern(text))
    };
    let functions: Vec<Symbol> = (0..count).map(name).collect::<Option<_>>()?;
    let unused = LocData {
        pos: Pos::NONE,
        function: Symbol::EMPTY,
        function_pos: Pos::NONE,
        parent: None,
        site: None,
    };
    let mut locs = IndexVec::filled(unused, all as usize);
    for row in rows.chunks_exact(4 * WORDS) {
        let mut row = Reader(row);
        let (loc, parent) = (row.u32()?, row.u32()?);
        let function = *functions.get(row.u32()? as usize)?;
        let mut pos = || match (row.u32()?, row.u32()?) {
            (u32::MAX, _) => Some(Pos::NONE),
            (file, at) => Some(paths.get(file as usize)?.offset(at)),
        };
        let data = LocData {
            pos: pos()?,
            function,
            function_pos: pos()?,
            parent: (parent != u32::MAX).then_some(Loc(parent)),
            site: None,
        };
        if loc >= all || parent != u32::MAX && parent >= all {
            return None;
        }
        locs[Loc(loc)] = data;
    }
    Some(locs)
}
