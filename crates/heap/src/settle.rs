//! What is attached to objects that were not reached is *settled*: weak handles are zeroed,
//! finalizers and cleanups queued. A little of it is settled in the stop that ends marking,
//! more of it afterwards, shard by shard, while the world runs.
//!
//! Until all shards are settled nothing is swept, so marks say what was reached, and objects
//! that were not are still what they were. (Those made meanwhile lie in new spans: others
//! have free slots only when they are swept.) Whoever asks a weak handle for its object
//! meanwhile settles the shard first: so no mutator gets hold of what was not reached.

use crate::Heap;
use crate::specials::SHARDS;
use crate::sync::atomic::Ordering::Relaxed;
use std::sync::Arc;

impl Heap {
    /// Whether spans may be swept, after some help to come to that.
    pub(crate) fn may_sweep(&self) -> bool {
        self.settle_some();
        !self.specials.settling.is_on()
    }

    /// Settles a shard; false if nothing is left to settle.
    pub(crate) fn settle_some(&self) -> bool {
        if !self.specials.settling.is_on() {
            return false;
        }
        match self.specials.settling.take(SHARDS) {
            Some(shard) => self.settle_shard(shard),
            None => self.settle_all(),
        }
        true
    }

    /// Settles all that is left, and waits for others that do.
    pub(crate) fn settle_all(&self) {
        if self.specials.settling.is_on() {
            (0..SHARDS).for_each(|shard| self.settle_shard(shard));
        }
    }

    /// Settles this shard, unless that has been done.
    pub(crate) fn settle_shard(&self, shard: usize) {
        let queued = self.specials.settle_once(
            shard,
            self.cycle(),
            |object| self.is_reached(object),
            |object| self.revive(object),
            &self.counters,
        );
        if queued {
            (self.config.on_due)();
        }
    }

    /// Has a marker settle what is left, if one has nothing to do.
    pub(crate) fn settle_in_background(&self) {
        if !self.specials.settling.is_on() {
            return;
        }
        // SAFETY: helpers are waited for before the heap is dropped.
        let heap: &'static Heap = unsafe { &*(self as *const Heap) };
        let job = move || {
            heap.hold_if_asked();
            while heap.settle_some() {
                heap.hold_if_asked();
            }
        };
        self.pool.start_if_idle(1, Arc::new(job));
    }

    /// Whether an object is not to be swept: marked, or made since.
    fn is_reached(&self, object: usize) -> bool {
        let made_since = |span| self.space.span(span).swept.load(Relaxed) == self.cycle();
        self.is_marked(object) || (self.space.locate(object)).is_none_or(|at| made_since(at.span))
    }

    /// Keeps an object for its finalizer. What it reaches has been marked.
    fn revive(&self, object: usize) {
        if let Some(at) = self.space.locate(object) {
            let bits = self.space.slot_bits(at.span, at.slot as usize / 64);
            if bits.mark(at.slot % 64) {
                let bytes = self.space.span(at.span).slot_bytes() as u64;
                self.live.fetch_add(bytes, Relaxed);
            }
        }
    }
}
