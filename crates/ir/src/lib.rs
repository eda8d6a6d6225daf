//! goxide's SSA intermediate representation: data, builder, text form, verifier.
//!
//! Takes: what `lower` builds. Gives: what `opt` improves and `clif` compiles.
//! Must not know: Go's types (only scalars and memory remain here), or Cranelift.
//!
//! A [`Function`] is a graph of blocks with parameters (no phis). Values are scalars of a
//! [`Ty`]; Go's strings, slices, interfaces and small structs have been taken apart into
//! components by `lower` (ARCHITECTURE.md, "Calling convention"), everything larger lives
//! in memory. The exact meaning of each operation stands on [`Op`] and [`Term`]; the rules
//! of form stand in [`verify`].

mod builder;
mod func;
mod module;
mod op;
mod packed;
mod shown;
mod text;
mod verify;

pub use builder::{Builder, Var};
pub use func::{
    Block, BlockData, FuncFlags, Function, Inst, InstData, Loc, LocData, Slot, SlotData, Value,
    ValueData, ValueDef,
};
pub use module::{
    Data, DataReloc, DataSection, Module, Note, SiteData, SiteId, SymId, SymKind, Symbols, Topic,
};
pub use op::{
    AliasTag, AtomicOp, BinaryOp, BlockCall, Callee, ConvertOp, DeferKind, DeferWord, FloatCc,
    IntCc, Landing, MemFlags, Op, Signature, Term, Ty, UnaryOp,
};
pub use packed::{Numbers, Packed};
pub use shown::{Shown, ShownParam, ShownResult};
pub use verify::{VerifyError, verify};
