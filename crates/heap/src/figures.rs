//! Figures for `runtime/metrics` that `MemStats` does not have.

use crate::Heap;
use crate::size_class::{SIZES, SPAN_CLASSES, is_noscan};
use crate::space::Space;
use crate::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// See the module's documentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// `GOGC`; negative: off.
    pub gc_percent: i32,
    /// Bytes of objects that the last collection marked, ...
    pub marked_bytes: u64,
    /// ... and of roots that it looked at.
    pub root_bytes: u64,
    /// The heap size that the next collection should keep below.
    pub goal_bytes: u64,
    /// Bytes of objects that may hold pointers.
    pub scannable_bytes: u64,
    /// Objects that share blocks with others.
    pub tiny_mallocs: u64,
    /// Finalizers ever queued, ...
    pub finalizers_queued: u64,
    /// ... and cleanups.
    pub cleanups_queued: u64,
    /// Time spent on giving memory back to the OS in the background, ...
    pub release_ns: u64,
    /// ... and because somebody asked for it.
    pub forced_release_ns: u64,
    /// Bytes of the records of spans.
    pub span_bytes: u64,
    /// Those in use.
    pub span_bytes_used: u64,
}

/// What is counted for them.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) finalizers_queued: AtomicU64,
    pub(crate) cleanups_queued: AtomicU64,
    pub(crate) release_ns: AtomicU64,
    pub(crate) forced_release_ns: AtomicU64,
}

impl Heap {
    /// Figures, exact if no thread allocates meanwhile.
    pub fn figures(&self) -> Figures {
        let scannable_bytes = self.scannable_bytes();
        let tiny_mallocs = self.tiny_mallocs();
        let (goal_bytes, marked_bytes) = self.goal();
        let counters = &self.counters;
        let large = self.large.lock().count();
        let small = self.classes.iter().map(|class| class.lock().count());
        let spans = large + small.sum::<usize>();
        let touched = self.space.committed_bytes() - self.pages.lock().released_bytes();
        let pacer = self.pacer.lock();
        Figures {
            gc_percent: pacer.gc_percent,
            marked_bytes,
            root_bytes: pacer.root_bytes,
            goal_bytes,
            scannable_bytes,
            tiny_mallocs,
            finalizers_queued: counters.finalizers_queued.load(Relaxed),
            cleanups_queued: counters.cleanups_queued.load(Relaxed),
            release_ns: counters.release_ns.load(Relaxed),
            forced_release_ns: counters.forced_release_ns.load(Relaxed),
            span_bytes: Space::span_record_bytes(touched) as u64,
            span_bytes_used: Space::span_record_bytes(spans * crate::space::PAGE_BYTES) as u64,
        }
    }

    fn scannable_bytes(&self) -> u64 {
        let small = (2..SPAN_CLASSES).filter(|&class| !is_noscan(class));
        let small = small.map(|class| {
            let freed = self.counts.frees[class].load(Relaxed);
            let live = self.cache_mallocs(class).saturating_sub(freed);
            live * u64::from(SIZES[class / 2])
        });
        let small: u64 = small.sum();
        let large = self.large.lock();
        let large = large.all().map(|at| self.space.span(at));
        let large = large.filter(|span| !is_noscan(span.class()));
        small + large.map(|span| span.slot_bytes() as u64).sum::<u64>()
    }
}
