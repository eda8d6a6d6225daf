//! What every compiler crate shares: interned names, source positions, typed indices.
//!
//! Takes: text. Gives: [`Symbol`], [`Pos`], [`SourceMap`], [`IndexVec`].
//! Must not know: Go's grammar, types, or anything above.

mod index;
mod intern;
mod source;
pub mod task;

pub use index::{Idx, IndexVec};
pub use intern::Symbol;
pub use source::{FileId, LineCol, Pos, SourceFile, SourceMap, show_positions};

/// The hash map used throughout the compiler: fast, and not resistant to chosen keys.
pub type FxHashMap<K, V> = rustc_hash::FxHashMap<K, V>;
/// The hash set used throughout the compiler.
pub type FxHashSet<K> = rustc_hash::FxHashSet<K>;
