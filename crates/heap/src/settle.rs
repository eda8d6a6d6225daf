//! What is attached to objects that were not reached is *settled*: weak handles are zeroed,
//! finalizers and cleanups queued, and the runtime forgets what it knew of them. A little of it
//! is settled in the stop that ends marking, more of it afterwards, part by part (a shard of the
//! tables, or a part of what the runtime knows), while the world runs.
//!
//! Until all parts are settled nothing is swept, so marks say what was reached, and objects
//! that were not are still what they were. (Those made meanwhile lie in new spans: others
//! have free slots only when they are swept.) Whoever asks a weak handle for its object
//! meanwhile settles the shard first: so no mutator gets hold of what was not reached.

use crate::Heap;
use crate::specials::SHARDS;
use crate::sync::atomic::Ordering::Relaxed;
use std::sync::Arc;

/// What is attached to more objects than these is settled after the stop.
const SETTLED_IN_STOP: usize = 500;

/// Most parts that [`Watched`] may have.
pub(crate) const MAX_WATCHED_PARTS: usize = 128;

/// What the runtime knows of objects by their addresses, and forgets when they are gone. It is
/// in parts, so that it can be settled while the world runs, like what is attached here.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// Roughly how many objects it knows of, those included that only have to be forgotten;
    /// exactly, while the world is stopped.
    pub count: fn() -> usize,
    /// At most 128.
    pub parts: usize,
    /// Forgets those of a part that were not reached. Each part is settled once by each
    /// collection, on any thread, perhaps after the world runs again; or none is, if nothing is
    /// known.
    pub forget: fn(part: usize, reached: &dyn Fn(usize) -> bool),
}

impl Default for Watched {
    fn default() -> Self {
        Self {
            count: || 0,
            parts: 0,
            forget: |_, _| {},
        }
    }
}

impl Heap {
    /// All that is settled: shards, and what the runtime has.
    fn parts(&self) -> usize {
        SHARDS + self.config.watched.parts
    }

    /// Whether what has become due is so little that a stop may look at it.
    pub(crate) fn few_are_due(&self) -> bool {
        let numbers = self.specials.due.numbers();
        numbers.end - numbers.start <= SETTLED_IN_STOP as u64
    }

    /// Whether settling would make a stop too long.
    pub(crate) fn settles_later(&self) -> bool {
        self.specials.count() + (self.config.watched.count)() > SETTLED_IN_STOP
    }

    /// Settles what the runtime has, in the stop that ends marking.
    pub(crate) fn settle_watched(&self) {
        let Watched {
            count,
            parts,
            forget,
        } = self.config.watched;
        if count() == 0 {
            return;
        }
        (0..parts).for_each(|part| forget(part, &|object| self.is_marked(object)));
    }

    /// Whether spans may be swept, after some help to come to that.
    pub(crate) fn may_sweep(&self) -> bool {
        self.settle_some();
        !self.specials.settling.is_on()
    }

    /// Settles a part; false if nothing is left to settle.
    pub(crate) fn settle_some(&self) -> bool {
        if !self.specials.settling.is_on() {
            return false;
        }
        match self.specials.settling.take(self.parts()) {
            Some(part) => self.settle_part(part),
            None => self.settle_all(),
        }
        true
    }

    /// Settles all that is left, and waits for others that do.
    pub(crate) fn settle_all(&self) {
        if self.specials.settling.is_on() {
            (0..self.parts()).for_each(|part| self.settle_part(part));
        }
    }

    fn settle_part(&self, part: usize) {
        let Some(watched) = part.checked_sub(SHARDS) else {
            return self.settle_shard(part);
        };
        // What a finalizer is to get has been reached after all: which objects these are is
        // known when the shards are settled, by whomever.
        if !self.specials.settling.shards_are_settled(SHARDS) {
            (0..SHARDS).for_each(|shard| self.settle_shard(shard));
        }
        let forget = || {
            (self.config.watched.forget)(watched, &|object| self.is_reached(object));
        };
        let (cycle, parts) = (self.cycle(), self.parts());
        let specials = &self.specials;
        if specials.settle_watched_once(watched, cycle, parts, forget) {
            (self.config.on_due)();
        }
    }

    /// Whether something is left to settle: finalizers and cleanups may become due without
    /// anybody's doing. [`Config::on_due`](crate::Config::on_due) is called when it is over.
    pub fn is_settling(&self) -> bool {
        self.specials.settling.is_on()
    }

    /// Settles this shard, unless that has been done.
    pub(crate) fn settle_shard(&self, shard: usize) {
        let tell = self.specials.settle_once(
            shard,
            (self.cycle(), self.parts()),
            |object| self.is_reached(object),
            |object| self.revive(object),
            &self.counters,
        );
        if tell {
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

    /// Whether an object is not to be swept: marked, or made since. While nothing is swept.
    pub fn is_reached(&self, object: usize) -> bool {
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
