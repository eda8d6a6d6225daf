//! Figures for `runtime.MemStats`.

use crate::Heap;
use crate::cache::read;
use crate::size_class::{SIZE_CLASSES, SIZES, SPAN_CLASSES};
use crate::space::Space;
use crate::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Of one size class.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SizeClassStats {
    /// Bytes of its objects.
    pub size: u32,
    /// Objects ever allocated.
    pub mallocs: u64,
    /// Objects ever freed.
    pub frees: u64,
}

/// The heap's part of `runtime.MemStats`, under the same names.
#[derive(Clone, Debug, Default)]
pub struct MemStats {
    /// Bytes in allocated objects, those not yet swept included.
    pub heap_alloc: u64,
    /// Bytes ever allocated.
    pub total_alloc: u64,
    /// Objects ever allocated.
    pub mallocs: u64,
    /// Objects ever freed.
    pub frees: u64,
    /// Bytes of address space in use for objects, free pages included.
    pub heap_sys: u64,
    /// Bytes in free pages.
    pub heap_idle: u64,
    /// Bytes in pages that hold objects.
    pub heap_inuse: u64,
    /// Bytes of free pages given back to the OS, or never used.
    pub heap_released: u64,
    /// Bytes of side tables.
    pub gc_sys: u64,
    /// The heap size that the next collection should keep below.
    pub next_gc: u64,
    /// When the last one ended, ns since 1970.
    pub last_gc_unix_ns: u64,
    /// All time the collector worked with the world stopped.
    pub pause_total_ns: u64,
    /// Collections.
    pub num_gc: u32,
    /// Of those, forced ones.
    pub num_forced_gc: u32,
    /// By size class, 0 (large objects) first.
    pub by_class: Vec<SizeClassStats>,
}

/// Counters beside those of the caches.
pub(crate) struct Counts {
    /// Objects freed, by span class.
    pub(crate) frees: [AtomicU64; SPAN_CLASSES],
    pub(crate) large_mallocs: AtomicU64,
    pub(crate) large_frees: AtomicU64,
    pub(crate) large_bytes_allocated: AtomicU64,
    pub(crate) large_bytes_freed: AtomicU64,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            frees: [const { AtomicU64::new(0) }; SPAN_CLASSES],
            large_mallocs: AtomicU64::new(0),
            large_frees: AtomicU64::new(0),
            large_bytes_allocated: AtomicU64::new(0),
            large_bytes_freed: AtomicU64::new(0),
        }
    }
}

impl Heap {
    /// Figures, exact if no thread allocates meanwhile.
    pub fn mem_stats(&self) -> MemStats {
        let mut stats = MemStats {
            by_class: self.class_stats(),
            ..MemStats::default()
        };
        for class in &stats.by_class[1..] {
            stats.total_alloc += class.mallocs * class.size as u64;
            stats.heap_alloc += (class.mallocs - class.frees) * class.size as u64;
        }
        let large = self.counts.large_bytes_allocated.load(Relaxed);
        stats.total_alloc += large;
        stats.heap_alloc += large - self.counts.large_bytes_freed.load(Relaxed);
        // Objects that share a block count as allocated and freed, as in Go.
        let tiny = self.tiny_mallocs();
        stats.mallocs = stats
            .by_class
            .iter()
            .map(|class| class.mallocs)
            .sum::<u64>()
            + tiny;
        stats.frees = stats.by_class.iter().map(|class| class.frees).sum::<u64>() + tiny;
        self.add_page_stats(&mut stats);
        self.add_collection_stats(&mut stats);
        stats
    }

    fn add_page_stats(&self, stats: &mut MemStats) {
        let committed = self.space.committed_bytes();
        let pages = self.pages.lock();
        // Memory that no object has ever used is not counted, as it costs nothing.
        stats.heap_released = pages.released_bytes() as u64;
        stats.heap_idle = pages.free_bytes() as u64;
        stats.heap_sys = committed as u64;
        stats.heap_inuse = stats.heap_sys - stats.heap_idle;
        stats.gc_sys = Space::table_bytes(committed - pages.released_bytes()) as u64;
    }

    fn add_collection_stats(&self, stats: &mut MemStats) {
        let goal_bytes = self.goal().0;
        let history = self.history.lock();
        stats.next_gc = goal_bytes;
        stats.last_gc_unix_ns = history.last_end_unix_ns;
        stats.pause_total_ns = history.pause_total_ns;
        stats.num_gc = history.collections;
        stats.num_forced_gc = history.forced;
    }

    fn class_stats(&self) -> Vec<SizeClassStats> {
        let mut by_class: Vec<_> = SIZES
            .iter()
            .map(|&size| SizeClassStats {
                size: size as u32,
                ..SizeClassStats::default()
            })
            .collect();
        for class in 2..SPAN_CLASSES {
            by_class[class / 2].frees += self.counts.frees[class].load(Relaxed);
            by_class[class / 2].mallocs += self.cache_mallocs(class);
        }
        by_class[0].mallocs = self.counts.large_mallocs.load(Relaxed);
        by_class[0].frees = self.counts.large_frees.load(Relaxed);
        debug_assert_eq!(by_class.len(), SIZE_CLASSES);
        by_class
    }

    /// Objects of a class that all caches have given out.
    pub(crate) fn cache_mallocs(&self, class: usize) -> u64 {
        let caches = self.caches.lock();
        let count = caches.iter().map(|cache| {
            let cache = cache.0.as_ptr();
            // SAFETY: caches live as long as the heap. If its owner allocates meanwhile the
            // words read are stale, which the contract allows.
            let (left, mallocs) = unsafe {
                let run = (&raw const (*cache).head.runs[class]).read_volatile();
                let end = run.end.max((*cache).whole_end(class));
                (end - run.next, read(&(*cache).mallocs[class]))
            };
            mallocs.saturating_sub((left / SIZES[class / 2] as usize) as u64)
        });
        count.sum()
    }

    pub(crate) fn tiny_mallocs(&self) -> u64 {
        let caches = self.caches.lock();
        let count = caches.iter().map(|cache| {
            // SAFETY: as in `cache_mallocs`.
            unsafe { (&raw const (*cache.0.as_ptr()).head.tiny_count).read_volatile() }
        });
        count.sum()
    }
}
