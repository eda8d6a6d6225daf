//! What the code generator gives to `link`: position-independent bytes with everything
//! that must be known about them.

use goxide_base::{IndexVec, Pos, Symbol};
use goxide_ir::{FuncFlags, Loc, LocData, SymId};

/// One compiled function. Equal input gives equal output, byte for byte.
///
/// ```text
/// 0            stack-check prefix (absent if body_offset is 0)
/// body_offset  body: frame set-up, code, cold blocks, constants (16-aligned if any)
///              slow path of the prefix
/// code.len()
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompiledFunction {
    /// Its symbol.
    pub sym: SymId,
    /// Name as tracebacks show it.
    pub name: Symbol,
    /// Position of the declaration.
    pub pos: Pos,
    /// Machine code, constants included. Fields named by `relocs` hold zeros.
    pub code: Vec<u8>,
    /// Alignment in bytes that the first byte of `code` needs.
    pub align: u32,
    /// Length of the prefix: where `morestack` enters.
    pub body_offset: u32,
    /// Bytes of stack that the body takes below its return address, without its callees.
    pub frame_size: u32,
    /// Places to patch, by ascending offset.
    pub relocs: Vec<CodeReloc>,
    /// Where instructions come from, by ascending offset; the first is at 0. A row holds
    /// until the next. A return address belongs to the row of the byte before it.
    pub lines: Vec<LineRow>,
    /// The locations that `lines` names, as in [`goxide_ir::Function::locs`].
    pub locs: IndexVec<Loc, LocData>,
    /// As in [`goxide_ir::Function::flags`].
    pub flags: FuncFlags,
}

/// From `offset` on instructions come from `loc`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineRow {
    /// Offset in the code.
    pub offset: u32,
    /// Index in [`CompiledFunction::locs`].
    pub loc: Loc,
}

/// A field of the code that needs an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeReloc {
    /// Offset of the field in the code.
    pub offset: u32,
    /// Form of the field.
    pub kind: RelocKind,
    /// What it refers to.
    pub target: RelocTarget,
    /// Added to the target's address.
    pub addend: i64,
}

/// Form of a relocated field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelocKind {
    /// 32 bits: target + addend − address of the field (calls, jumps and `lea`; the
    /// addend holds the −4 for the end of the instruction already).
    Rel32,
    /// 64 bits: target + addend.
    Abs64,
}

/// What a relocated field refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RelocTarget {
    /// A symbol of the module.
    Sym(SymId),
    /// A name known to the code generator only: a function of the overlay's `runtime`
    /// (handlers of failed checks), or a stub of the runtime image (`runtime.morestack`,
    /// runtime calls). Looked for among the module's functions first, then in the image.
    Named(Symbol),
}
