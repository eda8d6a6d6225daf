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
    /// All of it.
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
    /// Collects. Finishes the sweeping of the collection before first; its own sweeping is
    /// done later.
    ///
    /// # Safety
    /// The world is stopped and `roots` names every word outside the heap that may hold a
    /// pointer into it.
    pub unsafe fn collect(&self, trigger: Trigger, roots: &dyn RootSet) -> Collection {
        let begin = Instant::now();
        let _gate = self.sweep_gate.lock();
        self.sweep_some(usize::MAX);
        self.release_free_pages(usize::MAX);
        self.flush_all();
        let (ranges, specials) = (gather_ranges(roots), self.specials.roots());
        let mut report = Collection {
            heap_before_bytes: self.live.load(Relaxed),
            root_bytes: ranges.iter().map(|range| range.len() as u64).sum(),
            workers: self.workers(),
            prepare_ns: nanoseconds(begin),
            ..Collection::default()
        };
        // SAFETY: the world is stopped, the caches are flushed, the caller vouches for roots.
        report.heap_marked_bytes = unsafe { self.mark_all(&ranges, specials, report.workers) };
        report.mark_ns = nanoseconds(begin) - report.prepare_ns;
        self.next_cycle();
        self.begin_sweeping();
        self.sweep_large();
        self.finish(trigger, begin, &mut report);
        report
    }

    /// # Safety
    /// As [`mark::mark`].
    unsafe fn mark_all(
        &self,
        ranges: &[Range<usize>],
        specials: SpecialRoots,
        workers: usize,
    ) -> u64 {
        let SpecialRoots {
            mut words,
            contents_of,
        } = specials;
        let jobs = root_jobs(ranges, &words, &contents_of);
        // SAFETY: promised by the caller.
        let mut marked = unsafe { mark(self, &jobs, workers) };
        let revived = self.specials.settle(|object| self.is_marked(object));
        if !revived.is_empty() {
            words.extend(&revived);
            // SAFETY: likewise.
            marked += unsafe { mark(self, &[RootJob::Words(revived)], 1) };
        }
        if let Some(shadow) = &self.shadow {
            let marked = |slot| self.is_marked(slot);
            // SAFETY: likewise.
            unsafe { shadow.lock().check(ranges, &words, &contents_of, marked) };
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

    fn flush_all(&self) {
        for cache in self.caches.lock().iter_mut() {
            // SAFETY: the world is stopped, so nobody uses the cache.
            self.flush(unsafe { cache.0.as_mut() });
        }
    }

    fn finish(&self, trigger: Trigger, begin: Instant, report: &mut Collection) {
        self.live.store(report.heap_marked_bytes, Relaxed);
        {
            let mut pacer = self.pacer.lock();
            pacer.marked_bytes = report.heap_marked_bytes;
            pacer.root_bytes = report.root_bytes;
        }
        report.goal_bytes = self.update_trigger();
        report.total_ns = nanoseconds(begin);
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

fn gather_ranges(roots: &dyn RootSet) -> Vec<Range<usize>> {
    let mut ranges = vec![];
    roots.for_each_range(&mut |range| {
        let range = shrink_to_words(range);
        if !range.is_empty() {
            ranges.push(range);
        }
    });
    ranges
}

fn nanoseconds(since: Instant) -> u64 {
    since.elapsed().as_nanos() as u64
}
