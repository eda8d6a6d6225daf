//! Marking while the program runs.
//!
//! The scheme is *snapshot at the beginning* (Yuasa 1990): everything reachable when marking
//! begins is marked, and so is everything allocated since. A pointer can leave the snapshot
//! only by being overwritten, so the *write barrier* records the old value of each word that
//! may hold a pointer before the word is overwritten, anywhere but on a stack. Stacks and
//! other roots are looked at once, in the short stop that begins marking; nothing is looked
//! at again in the one that ends it. That suits stacks that are scanned conservatively.
//!
//! ```text
//! world stopped   flush caches, shade the roots            Heap::begin_marking
//! world runs      helpers mark; barriers record old values
//! world stopped   mark what was recorded last, finalizers  Heap::finish_marking
//! ```

use crate::Heap;
use crate::cache::Cache;
use crate::collect::{Collection, RootSet, Trigger, gather_ranges, nanoseconds};
use crate::mark::{Phase, PhaseRef, Work, root_jobs};
use crate::specials::SpecialRoots;
use crate::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;
use std::time::Instant;

/// Old values that a cache collects before it hands them to the markers.
const RECORDED_WORDS: usize = 512;

/// Marking that is under way.
pub(crate) struct Marking {
    phase: PhaseRef,
    report: Collection,
}

impl Heap {
    /// Takes the next step of a collection: begins marking and gives `None`, or ends it, with
    /// the whole collection done. For [`Trigger::Forced`], and without `Config::concurrent`,
    /// all of it happens at once.
    ///
    /// # Safety
    /// As [`collect`](Self::collect).
    pub unsafe fn advance(&self, trigger: Trigger, roots: &dyn RootSet) -> Option<Collection> {
        let concurrent = self.config.concurrent && trigger != Trigger::Forced;
        // SAFETY: promised by the caller.
        unsafe {
            if !concurrent {
                return Some(self.collect(trigger, roots));
            }
            if self.is_marking() {
                return Some(self.finish_marking(trigger, roots));
            }
            self.begin_marking(roots);
        }
        None
    }

    /// True between `begin_marking` and `finish_marking`: barriers must be on.
    #[inline]
    pub fn is_marking(&self) -> bool {
        self.marking_on.load(Relaxed)
    }

    /// Records what the word at `slot` points to. Must be called before a word outside of
    /// the stacks that may hold a pointer is overwritten, while [`is_marking`].
    ///
    /// # Safety
    /// The word is readable, the cache is this heap's and no other thread uses it. No
    /// collection begins or ends between this call and the store.
    ///
    /// [`is_marking`]: Self::is_marking
    #[inline]
    pub unsafe fn write_barrier(&self, cache: &mut Cache, slot: *const usize) {
        if self.is_marking() {
            // SAFETY: promised by the caller.
            let old = unsafe { (*(slot as *const AtomicUsize)).load(Relaxed) };
            self.record(cache, old);
        }
    }

    /// [`write_barrier`](Self::write_barrier) for all words of a range.
    ///
    /// # Safety
    /// As there.
    pub unsafe fn bulk_barrier(&self, cache: &mut Cache, start: *const usize, words: usize) {
        if self.is_marking() {
            for i in 0..words {
                // SAFETY: promised by the caller.
                unsafe { self.write_barrier(cache, start.add(i)) };
            }
        }
    }

    /// Sees to it that the object is marked, if marking is on.
    #[inline]
    pub(crate) fn record(&self, cache: &mut Cache, object: usize) {
        if self.contains(object) {
            cache.recorded.push(object);
            if cache.recorded.len() >= RECORDED_WORDS {
                self.hand_over(cache);
            }
        }
    }

    fn hand_over(&self, cache: &mut Cache) {
        let words = std::mem::replace(&mut cache.recorded, Vec::with_capacity(RECORDED_WORDS));
        let marking = self.marking.lock();
        if let Some(marking) = &*marking
            && let Err(Work::Words(words)) = marking.phase.queue.push(Work::Words(words))
        {
            // The markers are done already; what is left waits for the end.
            self.recorded.lock().extend(words);
        }
    }

    /// # Safety
    /// As [`collect`](Self::collect).
    unsafe fn begin_marking(&self, roots: &dyn RootSet) {
        let begin = Instant::now();
        let _gate = self.sweep_gate.lock();
        self.prepare();
        let (ranges, specials) = (gather_ranges(roots), self.specials.roots());
        let mut report = self.new_report(&ranges);
        // Half of the threads, so that the program gets on.
        let helpers = self.pool.helpers(self.config.workers.div_ceil(2));
        let jobs = root_jobs(&[], &specials.words, &specials.contents_of);
        let phase = Phase::shared(self, jobs, helpers);
        // SAFETY: the world is stopped and the caller vouches for the roots.
        unsafe { phase.shade(&ranges) };
        self.marking_on.store(true, Relaxed);
        self.raise_trigger();
        let theirs = phase.clone();
        // SAFETY: mutators keep to the rules (see `write_barrier`).
        self.pool.start(
            helpers,
            Arc::new(move || unsafe { theirs.work_then_report() }),
        );
        report.workers = helpers;
        report.prepare_ns = nanoseconds(begin);
        *self.marking.lock() = Some(Marking { phase, report });
    }

    /// # Safety
    /// As [`collect`](Self::collect).
    pub(crate) unsafe fn finish_marking(
        &self,
        trigger: Trigger,
        roots: &dyn RootSet,
    ) -> Collection {
        let begin = Instant::now();
        let _gate = self.sweep_gate.lock();
        let Marking { phase, mut report } = self.marking.lock().take().expect("marking is on");
        self.marking_on.store(false, Relaxed);
        let recorded = self.take_recorded();
        let late = match phase.queue.push(Work::Words(recorded)) {
            Err(Work::Words(late)) => late,
            _ => vec![],
        };
        // SAFETY: the world is stopped.
        unsafe {
            if phase.queue.join() {
                phase.work();
            }
            self.pool.wait();
            report.heap_marked_bytes = phase.marked_bytes() + self.black_bytes.swap(0, Relaxed);
            let specials = SpecialRoots {
                words: late,
                contents_of: vec![],
            };
            // For the check: what is reachable now. What became garbage meanwhile is marked.
            let ranges = if self.shadow.is_some() {
                gather_ranges(roots)
            } else {
                vec![]
            };
            report.heap_marked_bytes += self.mark_rest(&ranges, specials, false);
        }
        report.mark_ns = nanoseconds(begin);
        self.finish(trigger, begin, report.prepare_ns, &mut report);
        report
    }

    /// Empties the caches: their runs, and what their barriers recorded.
    fn take_recorded(&self) -> Vec<usize> {
        let mut recorded = std::mem::take(&mut *self.recorded.lock());
        for cache in self.caches.lock().iter_mut() {
            // SAFETY: the world is stopped, so nobody uses the cache.
            let cache = unsafe { cache.0.as_mut() };
            recorded.append(&mut cache.recorded);
            self.flush_runs(cache, true);
        }
        recorded
    }
}
