//! Finalizers, cleanups and weak handles: what is attached to objects from outside.
//!
//! The rules are Go's. A finalizer keeps alive what its object reaches, not the object; when
//! nothing else reaches that, it is revived and the finalizer queued, once. Cleanups run
//! when the object is unreachable and has no finalizer. Weak handles are heap objects of
//! their own that hold the address in a word no one scans; they are zeroed as soon as the
//! object is found unreachable, before a finalizer could revive it.

use crate::cache::Cache;
use crate::figures::Counters;
use crate::size_class::TINY_BYTES;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use crate::{Heap, Object};
use std::collections::{HashMap, VecDeque};

/// A finalizer or cleanup whose time has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// The object, made reachable again; 0 for a cleanup.
    pub object: usize,
    /// The func value to call.
    pub closure: usize,
}

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

/// All of it, by the address of the object's first byte.
#[derive(Default)]
pub(crate) struct Specials {
    attached: Mutex<HashMap<usize, Attached>>,
    /// Objects that got finalizers while marking, whose contents are to be marked.
    fresh: Mutex<Vec<usize>>,
    due: Mutex<VecDeque<Due>>,
    has_due: AtomicBool,
    last_id: AtomicU64,
}

/// What the tables hold on to.
#[derive(Default)]
pub(crate) struct SpecialRoots {
    /// Pointers.
    pub(crate) words: Vec<usize>,
    /// Objects whose contents are reachable although they themselves may not be.
    pub(crate) contents_of: Vec<usize>,
}

impl Specials {
    /// What must be marked because of the tables.
    pub(crate) fn roots(&self) -> SpecialRoots {
        let mut roots = SpecialRoots::default();
        for (&base, attached) in self.attached.lock().iter() {
            if !attached.finalizers.is_empty() {
                roots.contents_of.push(base);
            }
            roots.words.extend(
                attached
                    .finalizers
                    .iter()
                    .map(|finalizer| finalizer.closure),
            );
            roots
                .words
                .extend(attached.cleanups.iter().map(|&(_, closure)| closure));
            roots
                .words
                .extend(attached.weak.iter().map(|&(_, handle)| handle));
        }
        roots.words.extend(
            self.due
                .lock()
                .iter()
                .flat_map(|due| [due.object, due.closure]),
        );
        roots
    }

    /// The objects that got a finalizer since marking began.
    pub(crate) fn take_fresh(&self) -> Vec<usize> {
        std::mem::take(&mut *self.fresh.lock())
    }

    /// After marking: zeroes the weak handles of objects that were not reached, and queues
    /// their finalizers or else their cleanups. Gives the objects to revive.
    pub(crate) fn settle(
        &self,
        counters: &Counters,
        reached: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let (mut revived, mut due) = (vec![], vec![]);
        self.attached.lock().retain(|&base, attached| {
            if reached(base) {
                return true;
            }
            for (_, handle) in attached.weak.drain(..) {
                // SAFETY: the table keeps handles alive.
                unsafe { handle_word(handle) }.store(0, Relaxed);
            }
            if !attached.finalizers.is_empty() {
                due.append(&mut attached.finalizers);
                revived.push(base);
            } else {
                let cleanups = attached.cleanups.drain(..);
                due.extend(cleanups.map(|(_, closure)| Due { object: 0, closure }));
            }
            !attached.is_empty()
        });
        if !due.is_empty() {
            let finalizers = due.iter().filter(|due| due.object != 0).count();
            let cleanups = due.len() - finalizers;
            let count = |counter: &AtomicU64, n: usize| counter.fetch_add(n as u64, Relaxed);
            count(&counters.finalizers_queued, finalizers);
            count(&counters.cleanups_queued, cleanups);
            self.due.lock().extend(due);
            self.has_due.store(true, Relaxed);
        }
        revived
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
        let mut table = self.specials.attached.lock();
        let attached = table.entry(found.base).or_default();
        let had = attached.finalizers.iter().position(|f| f.object == object);
        match (had, closure) {
            (Some(_), 1..) => return Err(SetFinalizerError::HasOne),
            (Some(at), 0) => {
                attached.finalizers.swap_remove(at);
            }
            (None, 0) => {}
            (None, 1..) => attached.finalizers.push(Due { object, closure }),
        }
        if attached.is_empty() {
            table.remove(&found.base);
        }
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
            let mut table = self.specials.attached.lock();
            table.entry(base).or_default().cleanups.push((id, closure));
        }
        id
    }

    /// Removes a cleanup that has not been queued yet.
    pub fn stop_cleanup(&self, object: usize, id: u64) {
        let Some(Object { base, .. }) = self.find_object(object) else {
            return;
        };
        let mut table = self.specials.attached.lock();
        if let Some(attached) = table.get_mut(&base) {
            attached.cleanups.retain(|&(other, _)| other != id);
            if attached.is_empty() {
                table.remove(&base);
            }
        }
    }

    /// True if [`take_due`](Self::take_due) has something.
    #[inline]
    pub fn has_due(&self) -> bool {
        self.specials.has_due.load(Relaxed)
    }

    /// The next finalizer or cleanup to run. The caller must keep what it got visible to the
    /// collector until it has run.
    pub fn take_due(&self) -> Option<Due> {
        let mut due = self.specials.due.lock();
        let next = due.pop_front();
        self.specials.has_due.store(!due.is_empty(), Relaxed);
        next
    }

    /// The weak handle for this address in an object: a heap object itself, the same one as
    /// long as the object lives. (For an address outside of the heap, for ever.)
    pub fn weak_register(&self, cache: &mut Cache, object: usize) -> usize {
        let base = self.find_object(object).map_or(object, |found| found.base);
        let mut table = self.specials.attached.lock();
        let attached = table.entry(base).or_default();
        if let Some(&(_, handle)) = attached
            .weak
            .iter()
            .find(|&&(address, _)| address == object)
        {
            return handle;
        }
        // Not a tiny object: a block shared with others would keep the handle alive.
        // SAFETY: no type.
        let handle = unsafe { self.alloc(cache, TINY_BYTES, std::ptr::null(), true) } as usize;
        // SAFETY: the handle is a new object of 16 bytes.
        unsafe { handle_word(handle) }.store(object, Relaxed);
        attached.weak.push((object, handle));
        handle
    }

    /// The object of a weak handle, or 0 if it is gone.
    ///
    /// # Safety
    /// The handle comes from [`weak_register`](Self::weak_register) and was kept alive.
    pub unsafe fn weak_strong(&self, handle: usize) -> usize {
        // SAFETY: promised by the caller.
        let object = unsafe { handle_word(handle) }.load(Relaxed);
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
