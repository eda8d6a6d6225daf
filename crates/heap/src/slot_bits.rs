//! Which slots of a span hold objects, and which of those the collector has reached.
//!
//! Two words say it of 64 slots. Three parties change them: the cache that owns the span
//! takes slots and gives some back (one thread at a time), markers mark (any number of
//! threads, also while the cache takes), and the sweeper turns marks into objects (no cache
//! has the span then, and nobody marks).
//!
//! - A slot that is taken while the collector marks is marked before it is an object. So a
//!   marker that comes upon it, by a stray word, never looks into it: what it holds is not
//!   written yet.
//! - Of all markers that reach an object one is told that it was first.

use crate::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// Bits of 64 slots.
#[repr(C)]
#[derive(Default)]
pub(crate) struct SlotBits {
    /// The slot holds an object (or belongs to a cache's current run).
    allocated: AtomicU64,
    /// The collector has reached it.
    marked: AtomicU64,
}

impl SlotBits {
    /// Slots that hold objects.
    #[inline]
    pub(crate) fn allocated(&self) -> u64 {
        self.allocated.load(Relaxed)
    }

    /// Whether a slot holds an object that has been reached.
    #[inline]
    pub(crate) fn is_marked(&self, slot: u32) -> bool {
        self.marked.load(Relaxed) >> slot & 1 == 1
    }

    /// No objects.
    pub(crate) fn clear(&self) {
        self.allocated.store(0, Relaxed);
        self.marked.store(0, Relaxed);
    }

    /// Makes objects of free slots; by the cache that owns the span.
    #[inline]
    pub(crate) fn take(&self, slots: u64, marking: bool) {
        if marking {
            self.marked.fetch_or(slots, Relaxed);
        }
        let allocated = self.allocated.load(Relaxed);
        self.allocated.store(allocated | slots, Release);
    }

    /// Takes back slots that never became objects; `marked` if they were taken while marking.
    #[inline]
    pub(crate) fn give_back(&self, slots: u64, marked: bool) {
        let allocated = self.allocated.load(Relaxed);
        self.allocated.store(allocated & !slots, Relaxed);
        if marked {
            self.marked.fetch_and(!slots, Relaxed);
        }
    }

    /// Marks an object: true for whoever was first, who has to look into it.
    #[inline]
    pub(crate) fn mark(&self, slot: u32) -> bool {
        let bit = 1 << slot;
        if self.allocated.load(Acquire) & bit == 0 || self.marked.load(Relaxed) & bit != 0 {
            return false;
        }
        self.marked.fetch_or(bit, Relaxed) & bit == 0
    }

    /// Forgets the objects that were not reached, and all marks: the slots that stay objects,
    /// and those that were freed.
    #[inline]
    pub(crate) fn sweep(&self) -> (u64, u64) {
        let allocated = self.allocated.load(Relaxed);
        // (A stray word may have led a marker to a slot that was just given back.)
        let live = self.marked.load(Relaxed) & allocated;
        if allocated != live {
            self.allocated.store(live, Relaxed);
        }
        self.marked.store(0, Relaxed);
        (live, allocated & !live)
    }
}
