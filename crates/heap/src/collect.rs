//! A collection from beginning to end.

use crate::Heap;
use crate::mark::{RootJob, mark, root_jobs, shrink_to_words};
use crate::sanity::ShadowRoots;
use crate::specials::SpecialRoots;
use crate::sync::atomic::Ordering::Relaxed;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Heaps smaller than this are marked by one thread.
const ALONE_BYTES: u64 = 1 << 20;

/// Where the collector starts from; provided by the runtime.
pub trait RootSet: Sync {
    /// Calls `visit` for each range of words that may hold pointers. Ranges are shrunk to
    /// multiples of 8 bytes. Called on the thread that collects. If the heap
    /// [is checked](Heap::is_checked) it is called twice, and the words must be the same.
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>));

    /// Ranges that may be read while the world runs; a new list of them at each call.
    fn stacks(&self) -> Option<Arc<dyn Stacks>> {
        None
    }

    /// Those of [`for_each_range`](Self::for_each_range) that [`stacks`](Self::stacks) has not.
    fn for_each_range_beside_stacks(&self, visit: &mut dyn FnMut(Range<usize>)) {
        self.for_each_range(visit);
    }

    /// Ranges whose words may have changed since they were last read in this collection.
    fn for_each_changed_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        self.for_each_range(visit);
    }

    /// Whether more than so many stacks are in those ranges.
    fn more_changed_stacks_than(&self, _count: usize) -> bool {
        false
    }

    /// Roots that turn out to be such only from what is marked: called when all others, and
    /// those of the calls before, have been marked, until it names none.
    fn for_each_further_range(
        &self,
        _is_marked: &dyn Fn(usize) -> bool,
        _visit: &mut dyn FnMut(Range<usize>),
    ) {
    }

    /// Roots outside of the stacks, stores to which have write barriers.
    fn for_each_static_range(&self, _visit: &mut dyn FnMut(Range<usize>)) {}

    /// Whether there is so much in [`for_each_range`](Self::for_each_range) that a stop should
    /// not look at all of it if it need not.
    fn are_many(&self) -> bool {
        false
    }

    /// Marking is done: what is not marked will be forgotten ([`Watched`](crate::Watched)).
    fn settled(&self) {}

    /// What the word at this address of the roots belongs to, for a report of an error.
    fn describe(&self, _address: usize) -> String {
        String::from("a root")
    }
}

/// Roots that are read while the world runs.
pub trait Stacks: Send + Sync {
    /// Calls `visit` for some ranges that no call has visited yet; false if there are none.
    /// They do not change before it returns.
    fn read_some(&self, visit: &mut dyn FnMut(Range<usize>)) -> bool;
}

/// Why a collection runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Trigger {
    /// The heap has grown to its goal.
    #[default]
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
    /// Why it began.
    pub trigger: Trigger,
    /// Bytes in objects when it began, ...
    pub heap_before_bytes: u64,
    /// ... and when marking was done, before anything was freed.
    pub heap_after_bytes: u64,
    /// Bytes in marked objects.
    pub heap_marked_bytes: u64,
    /// The heap size that it was to keep within, ...
    pub goal_bytes: u64,
    /// ... and that of the next one.
    pub next_goal_bytes: u64,
    /// Bytes of roots.
    pub root_bytes: u64,
    /// The first stop of the world: finishing the last sweep, looking at stacks.
    pub prepare_ns: u64,
    /// From its end to the beginning of the last stop. 0 if there was only one.
    pub mark_ns: u64,
    /// All the time for which this crate had the world stopped.
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
    /// Collects, all at once; a collection that is under way comes to its end before. Its
    /// own sweeping is done later.
    ///
    /// # Safety
    /// The world is stopped and `roots` names every word outside the heap that may hold a
    /// pointer into it.
    pub unsafe fn collect(&self, trigger: Trigger, roots: &dyn RootSet) -> Collection {
        if self.is_marking() {
            // SAFETY: promised by the caller, as below.
            unsafe { self.finish_at_once(roots) };
        }
        let begin = Instant::now();
        let _gate = self.sweep_gate.lock();
        self.prepare(usize::MAX);
        let (mut ranges, specials) = (gather_ranges(roots), self.specials.roots());
        let mut report = self.new_report(&ranges, &[]);
        roots.for_each_static_range(&mut |range| ranges.push(range));
        report.trigger = trigger;
        report.heap_after_bytes = report.heap_before_bytes;
        let SpecialRoots { words, contents_of } = &specials;
        self.specials.take_fresh();
        self.marked_so_far.store(0, Relaxed);
        // SAFETY: the world is stopped, the caches are flushed, the caller vouches for roots.
        unsafe {
            let jobs = root_jobs(&ranges, words, contents_of);
            mark(self, jobs, self.workers());
            self.mark_further(roots);
            self.settle(roots, specials.words, true);
        }
        report.heap_marked_bytes = self.marked_so_far.load(Relaxed);
        report.prepare_ns = nanoseconds(begin);
        self.finish(begin, 0, &mut report);
        report
    }

    /// # Safety
    /// As [`mark`](crate::mark::mark).
    unsafe fn mark_further(&self, roots: &dyn RootSet) {
        loop {
            let mut ranges = vec![];
            let is_marked = |object| self.is_marked(object);
            roots.for_each_further_range(&is_marked, &mut |range| {
                ranges.push(shrink_to_words(range));
            });
            ranges.retain(|range| !range.is_empty());
            if ranges.is_empty() {
                return;
            }
            // SAFETY: promised by the caller.
            unsafe { mark(self, root_jobs(&ranges, &[], &[]), 1) };
        }
    }

    /// Gets everything ready for marking; gives up to so many bytes back to the OS.
    pub(crate) fn prepare(&self, release_bytes: usize) {
        self.sweep_some(usize::MAX);
        if release_bytes > 0 {
            self.release_free_pages(release_bytes);
        }
        // SAFETY: the world is stopped, so nobody uses a cache.
        unsafe { self.flush_caches() };
    }

    /// Gives back what all caches hold.
    ///
    /// # Safety
    /// Nobody uses a cache: the world is stopped.
    pub unsafe fn flush_caches(&self) {
        for cache in self.caches.lock().iter_mut() {
            // SAFETY: promised by the caller.
            self.flush(unsafe { cache.0.as_mut() });
        }
    }

    pub(crate) fn new_report(
        &self,
        ranges: &[Range<usize>],
        statics: &[Range<usize>],
    ) -> Collection {
        let bytes =
            |ranges: &[Range<usize>]| ranges.iter().map(|range| range.len() as u64).sum::<u64>();
        Collection {
            heap_before_bytes: self.live.load(Relaxed),
            root_bytes: bytes(ranges) + bytes(statics),
            workers: self.workers(),
            ..Collection::default()
        }
    }

    /// Marking is done: settles finalizers and weak handles, and has the result checked:
    /// `exact` if nothing unreachable may be marked.
    ///
    /// # Safety
    /// As [`mark`](crate::mark::mark).
    pub(crate) unsafe fn settle(&self, roots: &dyn RootSet, mut words: Vec<usize>, exact: bool) {
        let revived = self
            .specials
            .settle(&self.counters, |object| self.is_marked(object));
        if !revived.is_empty() {
            words.extend(&revived);
            // SAFETY: promised by the caller, here and below.
            unsafe { mark(self, vec![RootJob::Words(revived)], 1) };
        }
        roots.settled();
        self.settle_watched();
        let Some(shadow) = &self.shadow else { return };
        let SpecialRoots {
            words: more,
            contents_of,
        } = self.specials.roots();
        words.extend(more);
        let mut ranges = gather_ranges(roots);
        roots.for_each_static_range(&mut |range| ranges.push(range));
        let shadow_roots = ShadowRoots {
            ranges: &ranges,
            words: &words,
            contents_of: &contents_of,
        };
        let marked = |slot| self.is_marked(slot);
        let describe = |address| roots.describe(address);
        let mut shadow = shadow.lock();
        // SAFETY: see above.
        unsafe { shadow.check(&shadow_roots, marked, &describe, exact) };
    }

    /// Threads to mark with. Waking others costs more than a small heap takes.
    pub(crate) fn workers(&self) -> usize {
        if self.live.load(Relaxed) < ALONE_BYTES && !self.one_by_one() {
            1
        } else {
            self.config.workers.max(1)
        }
    }

    /// Marking is done: begins to sweep, and sets the next goal. `before_ns` is the length of
    /// earlier stops of the same collection.
    pub(crate) fn finish(&self, begin: Instant, before_ns: u64, report: &mut Collection) {
        report.goal_bytes = self.note_pages_in_use();
        self.next_cycle();
        self.begin_sweeping();
        self.live.store(report.heap_marked_bytes, Relaxed);
        {
            let mut pacer = self.pacer.lock();
            pacer.marked_bytes = report.heap_marked_bytes;
            pacer.root_bytes = report.root_bytes;
        }
        report.total_ns = before_ns + nanoseconds(begin);
        self.note_share();
        report.next_goal_bytes = self.update_trigger();
        let mut history = self.history.lock();
        history.collections += 1;
        history.forced += (report.trigger == Trigger::Forced) as u32;
        history.pause_total_ns += report.total_ns;
        history.last_end_unix_ns = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_nanos() as u64);
        report.number = history.collections;
    }
}

fn gather_ranges(roots: &dyn RootSet) -> Vec<Range<usize>> {
    gather(|visit| roots.for_each_range(visit))
}

/// The ranges that `for_each` visits, in whole words.
pub(crate) fn gather(for_each: impl Fn(&mut dyn FnMut(Range<usize>))) -> Vec<Range<usize>> {
    let mut ranges = vec![];
    for_each(&mut |range| {
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
