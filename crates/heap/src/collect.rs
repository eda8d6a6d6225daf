//! A collection from beginning to end.

use crate::Heap;
use crate::mark::{RootJob, mark, root_jobs, shrink_to_words};
use crate::specials::SpecialRoots;
use crate::sync::atomic::Ordering::Relaxed;
use std::ops::Range;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Heaps smaller than this are marked by one thread.
const ALONE_BYTES: u64 = 1 << 20;

/// Where the collector starts from; provided by the runtime.
pub trait RootSet: Sync {
    /// Calls `visit` for each range of words that may hold pointers. Ranges are shrunk to
    /// multiples of 8 bytes. Called once for a collection, on the thread that collects.
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>));
}

/// Why a collection runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// The heap has grown to its goal.
    Growth,
    /// `runtime.GC` and its like.
    Forced,
    /// Two minutes have passed.
    Periodic,
}

/// What a collection did; `gctrace` prints it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collection {
    /// Its number, from 1.
    pub number: u32,
    /// Bytes in objects when it began.
    pub heap_before_bytes: u64,
    /// Bytes in marked objects.
    pub heap_marked_bytes: u64,
    /// The heap size that starts the next one.
    pub goal_bytes: u64,
    /// Bytes of roots.
    pub root_bytes: u64,
    /// Time to finish sweeping and prepare.
    pub prepare_ns: u64,
    /// Time to mark, with finalizers and weak handles.
    pub mark_ns: u64,
    /// All the time for which the world was stopped.
    pub total_ns: u64,
    /// Threads that marked.
    pub workers: usize,
}

/// Sums over all collections.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(crate) collections: u32,
    pub(crate) forced: u32,
    pub(crate) pause_total_ns: u64,
    pub(crate) last_end_unix_ns: u64,
}

impl Heap {
    /// Collects, all at once. Finishes the sweeping of the collection before first; its own
    /// sweeping is done later.
    ///
    /// # Safety
    /// The world is stopped and `roots` names every word outside the heap that may hold a
    /// pointer into it.
    pub unsafe fn collect(&self, trigger: Trigger, roots: &dyn RootSet) -> Collection {
        if self.is_marking() {
            // SAFETY: promised by the caller, as below.
            unsafe { self.finish_marking(Trigger::Growth, roots) };
        }
        let begin = Instant::now();
        let _gate = self.sweep_gate.lock();
        self.prepare();
        let (ranges, specials) = (gather_ranges(roots), self.specials.roots());
        let mut report = self.new_report(&ranges);
        report.prepare_ns = nanoseconds(begin);
        // SAFETY: the world is stopped, the caches are flushed, the caller vouches for roots.
        report.heap_marked_bytes = unsafe { self.mark_rest(&ranges, specials, true) };
        report.mark_ns = nanoseconds(begin) - report.prepare_ns;
        self.finish(trigger, begin, 0, &mut report);
        report
    }

    /// Gets everything ready for marking.
    pub(crate) fn prepare(&self) {
        self.sweep_some(usize::MAX);
        self.release_free_pages(usize::MAX);
        for cache in self.caches.lock().iter_mut() {
            // SAFETY: the world is stopped, so nobody uses the cache.
            self.flush(unsafe { cache.0.as_mut() });
        }
    }

    pub(crate) fn new_report(&self, ranges: &[Range<usize>]) -> Collection {
        Collection {
            heap_before_bytes: self.live.load(Relaxed),
            root_bytes: ranges.iter().map(|range| range.len() as u64).sum(),
            workers: self.workers(),
            ..Collection::default()
        }
    }

    /// Marks from these roots, settles finalizers and weak handles, and has the result
    /// checked: `exact` if nothing unreachable may be marked. Gives the bytes newly marked.
    ///
    /// # Safety
    /// As [`mark::mark`](crate::mark::mark).
    pub(crate) unsafe fn mark_rest(
        &self,
        ranges: &[Range<usize>],
        specials: SpecialRoots,
        exact: bool,
    ) -> u64 {
        let SpecialRoots {
            mut words,
            contents_of,
        } = specials;
        let to_mark = if exact { ranges } else { &[] };
        let jobs = root_jobs(to_mark, &words, &contents_of);
        // SAFETY: promised by the caller.
        let mut marked = unsafe { mark(self, jobs, self.workers()) };
        let revived = self.specials.settle(|object| self.is_marked(object));
        if !revived.is_empty() {
            words.extend(&revived);
            // SAFETY: likewise.
            marked += unsafe { mark(self, vec![RootJob::Words(revived)], 1) };
        }
        if let Some(shadow) = &self.shadow {
            let marked = |slot| self.is_marked(slot);
            // SAFETY: likewise.
            unsafe {
                shadow
                    .lock()
                    .check(ranges, &words, &contents_of, marked, exact)
            };
        }
        marked
    }

    /// Threads to mark with. Waking others costs more than a small heap takes.
    fn workers(&self) -> usize {
        if self.live.load(Relaxed) < ALONE_BYTES && !self.one_by_one() {
            1
        } else {
            self.config.workers.max(1)
        }
    }

    /// Marking is done: begins to sweep, and sets the next goal. `before_ns` is the length of
    /// an earlier stop of the same collection.
    pub(crate) fn finish(
        &self,
        trigger: Trigger,
        begin: Instant,
        before_ns: u64,
        report: &mut Collection,
    ) {
        self.next_cycle();
        self.begin_sweeping();
        self.sweep_large();
        self.live.store(report.heap_marked_bytes, Relaxed);
        {
            let mut pacer = self.pacer.lock();
            pacer.marked_bytes = report.heap_marked_bytes;
            pacer.root_bytes = report.root_bytes;
        }
        report.goal_bytes = self.update_trigger();
        report.total_ns = before_ns + nanoseconds(begin);
        let mut history = self.history.lock();
        history.collections += 1;
        history.forced += (trigger == Trigger::Forced) as u32;
        history.pause_total_ns += report.total_ns;
        history.last_end_unix_ns = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_nanos() as u64);
        report.number = history.collections;
    }
}

pub(crate) fn gather_ranges(roots: &dyn RootSet) -> Vec<Range<usize>> {
    let mut ranges = vec![];
    roots.for_each_range(&mut |range| {
        let range = shrink_to_words(range);
        if !range.is_empty() {
            ranges.push(range);
        }
    });
    ranges
}

pub(crate) fn nanoseconds(since: Instant) -> u64 {
    since.elapsed().as_nanos() as u64
}
