//! The part of a P's allocation cache that the fast path of `mallocgc` touches: assembly now,
//! perhaps compiled code later.
//!
//! Between reading a run and writing it back nothing may intervene: a collection empties
//! runs. So the fast path must not be preempted in the middle, which holds for stubs.

/// Number of span classes: for each size class one with pointers and one without.
pub const SPAN_CLASSES: usize = 136;
/// Entries of [`AllocCache::classes`]: objects of up to 1024 bytes.
pub const FAST_CLASSES: usize = 129;
/// Objects with pointers above this size have a header; the fast path does not make them.
pub const MAX_PTR_BITS_BYTES: usize = 512;
/// Pointer-free objects below this size share blocks.
pub const TINY_BYTES: usize = 16;

/// Free, zeroed slots in a row.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SlotRun {
    /// The next slot.
    pub next: usize,
    /// End of the last one.
    pub end: usize,
}

/// Head of a P's allocation cache; `g.cache` points to that of the P that runs g.
#[repr(C)]
pub struct AllocCache {
    /// Free bytes of a block that small pointer-free objects share.
    pub tiny: SlotRun,
    /// How often an object found room in such a block.
    pub tiny_count: u64,
    /// The pointer bit of the word at address `a` is bit `a / 8 % 64` of the 8-byte word at
    /// `ptr_bits + a / 512 * 8`. Bits of slots in a run are zero.
    pub ptr_bits: usize,
    /// Entry i, for objects of i words: bytes of the slot (low half), and the byte offset in
    /// `runs` of the run for objects with pointers (high half). The run for those without
    /// follows that.
    pub classes: *const u32,
    /// Room for pointers that write barriers recorded (`runtime.gc_shade`).
    pub shaded: SlotRun,
    /// By span class.
    pub runs: [SlotRun; SPAN_CLASSES],
}
