//! How far the settling of parts is (`settle`).

use crate::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};

/// How far it is.
#[derive(Default)]
pub(crate) struct Settling {
    on: AtomicBool,
    /// The part that nobody has taken yet.
    next: AtomicUsize,
    /// How many are settled.
    done: AtomicUsize,
    /// How many of them are shards.
    shards: AtomicUsize,
}

impl Settling {
    /// Begins; the world is stopped.
    pub(crate) fn begin(&self) {
        self.next.store(0, Relaxed);
        self.done.store(0, Relaxed);
        self.shards.store(0, Relaxed);
        self.on.store(true, Release);
    }

    /// Whether parts are left. If not, all that was done to them is seen.
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Acquire)
    }

    /// A part that nobody has taken.
    pub(crate) fn take(&self, parts: usize) -> Option<usize> {
        Some(self.next.fetch_add(1, Relaxed)).filter(|&part| part < parts)
    }

    /// A shard is settled, and counts as a part next; once for each.
    pub(crate) fn note_shard(&self) {
        self.shards.fetch_add(1, Release);
    }

    /// Whether so many shards are settled. If so, all that was done to them is seen.
    pub(crate) fn shards_are_settled(&self, shards: usize) -> bool {
        self.shards.load(Acquire) == shards
    }

    /// One of so many parts is settled; once for each. Whether it was the last.
    pub(crate) fn note_settled(&self, parts: usize) -> bool {
        let last = self.done.fetch_add(1, AcqRel) + 1 == parts;
        if last {
            self.on.store(false, Release);
        }
        last
    }
}
