//! A compiled function as bytes, without what the function itself says.

use goxide_base::{FxHashMap, IndexVec, Pos, Symbol};
use goxide_clif::{CodeReloc, CompiledFunction, LineRow, RelocKind, RelocTarget};
use goxide_ir::{FuncFlags, Function, Loc, LocData, SymId};
use std::borrow::Cow;

/// The form of a relocation's target: a number in the shape's list of symbols (its length
/// for the function itself), or a name.
const BY_NUMBER: u8 = 0;
const BY_NAME: u8 = 1;

/// Writes a function. `symbols` are those of its shape: targets are numbers in it, or names.
/// `None`: its code refers to something that its shape does not know.
pub fn write(function: &CompiledFunction, symbols: &[SymId]) -> Option<Vec<u8>> {
    let own = (function.sym, symbols.len());
    let listed = symbols
        .iter()
        .enumerate()
        .map(|(number, sym)| (*sym, number));
    let numbers: FxHashMap<SymId, usize> = [own].into_iter().chain(listed).collect();
    let mut out = Vec::with_capacity(function.code.len() + 24 * function.relocs.len() + 64);
    let u32s = |out: &mut Vec<u8>, list: &[u32]| {
        list.iter().for_each(|n| out.extend(n.to_le_bytes()));
    };
    let sizes = [
        function.code.len(),
        function.relocs.len(),
        function.lines.len(),
    ];
    u32s(&mut out, &sizes.map(|n| n as u32));
    u32s(
        &mut out,
        &[function.align, function.body_offset, function.frame_size],
    );
    out.extend(&function.code);
    for row in &function.lines {
        u32s(&mut out, &[row.offset, row.loc.0]);
    }
    for reloc in &function.relocs {
        u32s(&mut out, &[reloc.offset]);
        out.push(match reloc.kind {
            RelocKind::Rel32 => 0,
            RelocKind::Abs64 => 1,
        });
        out.extend(reloc.addend.to_le_bytes());
        match reloc.target {
            RelocTarget::Sym(sym) => {
                out.push(BY_NUMBER);
                u32s(&mut out, &[*numbers.get(&sym)? as u32]);
            }
            RelocTarget::Named(name) => {
                out.push(BY_NAME);
                u32s(&mut out, &[name.as_str().len() as u32]);
                out.extend(name.as_str().as_bytes());
            }
        }
    }
    Some(out)
}

/// Reads what [`write`] wrote, for a function of the same shape. `None`: it is damaged.
pub fn read(bytes: &[u8], function: Frame<'_>, symbols: &[SymId]) -> Option<CompiledFunction> {
    let mut from = Reader(bytes);
    let [code, relocs, lines] = [from.u32()?, from.u32()?, from.u32()?];
    let [align, body_offset, frame_size] = [from.u32()?, from.u32()?, from.u32()?];
    let code = from.bytes(code as usize)?.to_vec();
    let row = |from: &mut Reader| {
        Some(LineRow {
            offset: from.u32()?,
            loc: Loc(from.u32()?),
        })
    };
    let lines = (0..lines).map(|_| row(&mut from)).collect::<Option<_>>()?;
    let target = |from: &mut Reader| {
        let (form, number) = (from.bytes(1)?[0], from.u32()? as usize);
        match form {
            BY_NAME => {
                let name = std::str::from_utf8(from.bytes(number)?).ok()?;
                Some(RelocTarget::Named(Symbol::intern(name)))
            }
            _ if number == symbols.len() => Some(RelocTarget::Sym(function.sym)),
            _ => Some(RelocTarget::Sym(*symbols.get(number)?)),
        }
    };
    let reloc = |from: &mut Reader| {
        Some(CodeReloc {
            offset: from.u32()?,
            kind: match from.bytes(1)?[0] {
                0 => RelocKind::Rel32,
                _ => RelocKind::Abs64,
            },
            addend: i64::from_le_bytes(from.bytes(8)?.try_into().ok()?),
            target: target(from)?,
        })
    };
    let relocs = (0..relocs)
        .map(|_| reloc(&mut from))
        .collect::<Option<_>>()?;
    from.0.is_empty().then(|| CompiledFunction {
        sym: function.sym,
        name: function.name,
        pos: function.pos,
        code,
        align,
        body_offset,
        frame_size,
        relocs,
        lines,
        locs: function.locs.into_owned(),
        flags: function.flags,
    })
}

/// What a compiled function has from the function itself.
pub struct Frame<'a> {
    /// As in [`CompiledFunction`], like the others.
    pub sym: SymId,
    /// Its name.
    pub name: Symbol,
    /// Its position.
    pub pos: Pos,
    /// Its locations.
    pub locs: Cow<'a, IndexVec<Loc, LocData>>,
    /// Its flags.
    pub flags: FuncFlags,
}

impl<'a> From<&'a Function> for Frame<'a> {
    fn from(function: &'a Function) -> Frame<'a> {
        Frame {
            sym: function.sym,
            name: function.name,
            pos: function.pos,
            locs: Cow::Borrowed(&function.locs),
            flags: function.flags,
        }
    }
}

/// Takes what was written off the front of bytes.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// So many bytes.
    pub fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number.
    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?))
    }
}
