//! Finalizers, cleanups and weak handles: what is attached to objects from outside.
//!
//! The rules are Go's. A finalizer keeps alive what its object reaches, not the object; when
//! nothing else reaches that, it is revived and the finalizer queued, once. Cleanups run
//! when the object is unreachable and has no finalizer. Weak handles are heap objects of
//! their own that hold the address in a word no one scans; they are zeroed as soon as the
//! object is found unreachable, before a finalizer could revive it.

use crate::cache::Cache;
use crate::due::{Due, DueQueue};
use crate::figures::Counters;
use crate::settle::MAX_WATCHED_PARTS;
use crate::settling::Settling;
use crate::size_class::TINY_BYTES;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use crate::{Heap, Object};
use std::collections::HashMap;

/// Why a finalizer could not be set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetFinalizerError {
    /// The address is in the heap's range but in no object.
    NotAnObject,
    /// The address is inside an object, not at its start.
    NotItsStart,
    /// The object has a finalizer already.
    HasOne,
}

/// What is attached to one object.
#[derive(Default)]
struct Attached {
    /// One for each object that shares the block.
    finalizers: Vec<Due>,
    /// Id and closure.
    cleanups: Vec<(u64, usize)>,
    /// Address in the object, and handle.
    weak: Vec<(usize, usize)>,
}

impl Attached {
    fn is_empty(&self) -> bool {
        self.finalizers.is_empty() && self.cleanups.is_empty() && self.weak.is_empty()
    }
}

/// The tables are so many, each with its lock: markers and mutators read them and settle
/// them while the world runs.
pub(crate) const SHARDS: usize = 256;

/// All of it.
pub(crate) struct Specials {
    shards: [Mutex<Shard>; SHARDS],
    /// A bit for each shard that is not empty; changed with its lock held.
    occupied: [AtomicU64; SHARDS / 64],
    pub(crate) settling: Settling,
    /// The cycles in which the runtime's parts were settled.
    watched_settled: [Mutex<u32>; MAX_WATCHED_PARTS],
    /// Objects that have something.
    count: AtomicUsize,
    /// Objects that got finalizers while marking, whose contents are to be marked.
    fresh: Mutex<Vec<usize>>,
    pub(crate) due: DueQueue,
    last_id: AtomicU64,
}

/// What is attached, by the address of the object's first byte.
#[derive(Default)]
struct Shard {
    attached: HashMap<usize, Attached>,
    /// The cycle in which it was settled last, if that was not done in a stop.
    settled: u32,
}

/// What the tables hold on to.
#[derive(Default)]
pub(crate) struct SpecialRoots {
    /// Pointers.
    pub(crate) words: Vec<usize>,
    /// Objects whose contents are reachable although they themselves may not be.
    pub(crate) contents_of: Vec<usize>,
}

impl Default for Specials {
    fn default() -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            occupied: Default::default(),
            settling: Settling::default(),
            watched_settled: std::array::from_fn(|_| Mutex::default()),
            count: AtomicUsize::new(0),
            fresh: Mutex::default(),
            due: DueQueue::default(),
            last_id: AtomicU64::new(0),
        }
    }
}

impl Shard {
    fn add_roots(&self, roots: &mut SpecialRoots) {
        for (&base, attached) in &self.attached {
            if !attached.finalizers.is_empty() {
                roots.contents_of.push(base);
            }
            let words = &mut roots.words;
            words.extend(attached.finalizers.iter().map(|f| f.closure));
            words.extend(attached.cleanups.iter().map(|&(_, closure)| closure));
            words.extend(attached.weak.iter().map(|&(_, handle)| handle));
        }
    }

    /// Zeroes the weak handles of objects that were not reached, and queues their finalizers
    /// or else their cleanups. `revive` gets objects that have finalizers.
    fn settle(
        &mut self,
        reached: impl Fn(usize) -> bool,
        mut revive: impl FnMut(usize),
    ) -> Vec<Due> {
        let mut due = vec![];
        self.attached.retain(|&base, attached| {
            if reached(base) {
                return true;
            }
            for (_, handle) in attached.weak.drain(..) {
                // SAFETY: the table keeps handles alive.
                unsafe { handle_word(handle) }.store(0, Relaxed);
            }
            if !attached.finalizers.is_empty() {
                due.append(&mut attached.finalizers);
                revive(base);
            } else {
                let cleanups = attached.cleanups.drain(..);
                due.extend(cleanups.map(|(_, closure)| Due { object: 0, closure }));
            }
            !attached.is_empty()
        });
        due
    }
}

impl Specials {
    /// How many objects have something attached.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Relaxed)
    }

    /// The number of the shard for the object with this first byte.
    pub(crate) fn shard_of(base: usize) -> usize {
        // Fibonacci hashing: the highest bits depend on all of the address.
        let hash = (base as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> (64 - SHARDS.ilog2())) as usize
    }

    /// Changes what is attached to an object.
    fn change<T>(&self, base: usize, f: impl FnOnce(&mut Attached) -> T) -> T {
        let shard = Self::shard_of(base);
        let table = &mut self.shards[shard].lock().attached;
        let before = table.len();
        let attached = table.entry(base).or_default();
        let result = f(attached);
        if attached.is_empty() {
            table.remove(&base);
        }
        self.count_change(shard, before, table.len());
        result
    }

    /// The table of this shard, which is locked, had so many entries before.
    fn count_change(&self, shard: usize, before: usize, now: usize) {
        self.count.fetch_add(now.wrapping_sub(before), Relaxed);
        let (word, bit) = (&self.occupied[shard / 64], 1 << (shard % 64));
        match (before, now) {
            (0, 1..) => _ = word.fetch_or(bit, Relaxed),
            (1.., 0) => _ = word.fetch_and(!bit, Relaxed),
            _ => {}
        }
    }

    /// The shards that are not empty; exact while the world is stopped.
    pub(crate) fn occupied(&self) -> impl Iterator<Item = usize> {
        let words = self.occupied.iter().map(|word| word.load(Relaxed));
        words.enumerate().flat_map(|(at, word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 != 0);
            bits.map(move |bit| at * 64 + bit)
        })
    }

    /// What must be marked because of the tables.
    pub(crate) fn roots(&self) -> SpecialRoots {
        let mut roots = SpecialRoots {
            words: self.due.words(self.due.numbers()),
            contents_of: vec![],
        };
        for shard in self.occupied() {
            self.shards[shard].lock().add_roots(&mut roots);
        }
        roots
    }

    /// What must be marked because of one of them.
    pub(crate) fn roots_of_shard(&self, shard: usize) -> SpecialRoots {
        let mut roots = SpecialRoots::default();
        self.shards[shard].lock().add_roots(&mut roots);
        roots
    }

    /// The objects that got a finalizer since marking began.
    pub(crate) fn take_fresh(&self) -> Vec<usize> {
        std::mem::take(&mut *self.fresh.lock())
    }

    /// Settles everything, in the stop that ends marking. Gives the objects to revive.
    pub(crate) fn settle(
        &self,
        counters: &Counters,
        reached: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let mut revived = vec![];
        for number in self.occupied() {
            let mut shard = self.shards[number].lock();
            let before = shard.attached.len();
            let due = shard.settle(&reached, |object| revived.push(object));
            self.count_change(number, before, shard.attached.len());
            self.queue(due, counters);
        }
        revived
    }

    /// Settles one shard while the world runs, if that has not been done in this cycle;
    /// whether something was queued, or all is settled now.
    pub(crate) fn settle_once(
        &self,
        number: usize,
        (cycle, parts): (u32, usize),
        reached: impl Fn(usize) -> bool,
        revive: impl FnMut(usize),
        counters: &Counters,
    ) -> bool {
        let mut shard = self.shards[number].lock();
        if !self.is_due(&mut shard.settled, cycle) {
            return false;
        }
        let before = shard.attached.len();
        let due = shard.settle(reached, revive);
        self.count_change(number, before, shard.attached.len());
        let queued = self.queue(due, counters);
        // Before the lock is free: whoever has had all locks knows that all is settled.
        self.settling.note_shard();
        let last = self.settling.note_settled(parts);
        queued || last
    }

    /// Whether a part has yet to be settled in this cycle. With the part's lock held. Whoever
    /// comes so late that all is settled comes in the midst of sweeping, perhaps in the next
    /// cycle; while somebody has a lock and settling is on, no other cycle begins.
    fn is_due(&self, settled: &mut u32, cycle: u32) -> bool {
        self.settling.is_on() && std::mem::replace(settled, cycle) != cycle
    }

    /// The same for what the runtime has: calls `forget` if that has not been done. Whether
    /// all is settled now.
    pub(crate) fn settle_watched_once(
        &self,
        part: usize,
        cycle: u32,
        parts: usize,
        forget: impl FnOnce(),
    ) -> bool {
        let mut settled = self.watched_settled[part].lock();
        let due = self.is_due(&mut settled, cycle);
        if due {
            forget();
        }
        due && self.settling.note_settled(parts)
    }

    /// Queues what is due; whether that is anything.
    fn queue(&self, due: Vec<Due>, counters: &Counters) -> bool {
        if due.is_empty() {
            return false;
        }
        let finalizers = due.iter().filter(|due| due.object != 0).count();
        let cleanups = due.len() - finalizers;
        let count = |counter: &AtomicU64, n: usize| counter.fetch_add(n as u64, Relaxed);
        count(&counters.finalizers_queued, finalizers);
        count(&counters.cleanups_queued, cleanups);
        self.due.add(due);
        true
    }
}

impl Heap {
    /// Sets (or with `closure` 0 clears) the finalizer of the object at `object`. Outside of
    /// the heap's range (globals) it is accepted and never runs.
    pub fn set_finalizer(&self, object: usize, closure: usize) -> Result<(), SetFinalizerError> {
        if !self.contains(object) {
            return Ok(());
        }
        let found = self
            .find_object(object)
            .ok_or(SetFinalizerError::NotAnObject)?;
        let may_share_a_block = found.noscan && found.size == TINY_BYTES;
        if found.base != object && !may_share_a_block {
            return Err(SetFinalizerError::NotItsStart);
        }
        self.specials.change(found.base, |attached| {
            let had = attached.finalizers.iter().position(|f| f.object == object);
            match (had, closure) {
                (Some(_), 1..) => return Err(SetFinalizerError::HasOne),
                (Some(at), 0) => _ = attached.finalizers.swap_remove(at),
                (None, 0) => {}
                (None, 1..) => attached.finalizers.push(Due { object, closure }),
            }
            Ok(())
        })?;
        if closure != 0 && self.is_marking() {
            self.shade_alone(closure);
            self.specials.fresh.lock().push(found.base);
        }
        Ok(())
    }

    /// Adds a cleanup to the object that `object` is in; gives its id, never 0. Outside of
    /// the heap it never runs.
    pub fn add_cleanup(&self, object: usize, closure: usize) -> u64 {
        let id = self.specials.last_id.fetch_add(1, Relaxed) + 1;
        self.shade_alone(closure);
        if let Some(Object { base, .. }) = self.find_object(object) {
            self.specials
                .change(base, |attached| attached.cleanups.push((id, closure)));
        }
        id
    }

    /// Removes a cleanup that has not been queued yet.
    pub fn stop_cleanup(&self, object: usize, id: u64) {
        let Some(Object { base, .. }) = self.find_object(object) else {
            return;
        };
        self.specials.change(base, |attached| {
            attached.cleanups.retain(|&(other, _)| other != id);
        });
    }

    /// True if [`take_due`](Self::take_due) has something.
    #[inline]
    pub fn has_due(&self) -> bool {
        self.specials.due.has_some()
    }

    /// The next finalizer or cleanup to run. The caller must keep what it got visible to the
    /// collector until it has run; while [`is_marking`](Self::is_marking) it must record both
    /// words before the world can stop (see [`shade`](Self::shade)), as it does when it stores
    /// them: no marker looks for them here any more.
    pub fn take_due(&self) -> Option<Due> {
        self.specials.due.take()
    }

    /// The weak handle for this address in an object: a heap object itself, the same one as
    /// long as the object lives. (For an address outside of the heap, for ever.)
    pub fn weak_register(&self, cache: &mut Cache, object: usize) -> usize {
        let base = self.find_object(object).map_or(object, |found| found.base);
        let known = |attached: &mut Attached| {
            let mut weak = attached.weak.iter();
            weak.find(|&&(address, _)| address == object)
                .map(|&(_, handle)| handle)
        };
        if let Some(handle) = self.specials.change(base, known) {
            return handle;
        }
        // Not a tiny object: a block shared with others would keep the handle alive. Made
        // without the lock, as an allocation may have to settle the same shard.
        // SAFETY: no type.
        let new = unsafe { self.alloc(cache, TINY_BYTES, std::ptr::null(), true) } as usize;
        // SAFETY: the handle is a new object of 16 bytes.
        unsafe { handle_word(new) }.store(object, Relaxed);
        self.specials.change(base, |attached| {
            known(attached).unwrap_or_else(|| {
                attached.weak.push((object, new));
                new
            })
        })
    }

    /// The object of a weak handle, or 0 if it is gone.
    ///
    /// # Safety
    /// The handle comes from [`weak_register`](Self::weak_register) and was kept alive.
    pub unsafe fn weak_strong(&self, handle: usize) -> usize {
        // SAFETY: promised by the caller.
        let word = unsafe { handle_word(handle) };
        if self.specials.settling.is_on() {
            let object = word.load(Relaxed);
            let base = self.find_object(object).map_or(object, |found| found.base);
            self.settle_shard(Specials::shard_of(base));
        }
        let object = word.load(Relaxed);
        if self.is_marking() {
            // The caller may put it where no one looks before marking ends.
            self.shade_alone(object);
        }
        object
    }
}

/// # Safety
/// A live weak handle.
unsafe fn handle_word<'a>(handle: usize) -> &'a AtomicUsize {
    // SAFETY: handles are 16-byte objects whose first word is only accessed here.
    unsafe { &*(handle as *const AtomicUsize) }
}
