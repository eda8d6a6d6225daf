//! Sweeping: mark bits become allocation bits, and empty spans free pages.
//!
//! Lazy: a cache that needs a span sweeps one of its class; the runtime sweeps the rest in
//! the background with [`Heap::sweep_step`]; what is left is swept before the next
//! collection marks. A span is swept by whoever takes it from `ClassSpans` (or
//! `LargeSpans`), but none before all that is attached to unreachable objects is settled.

use crate::Heap;
use crate::size_class::{SIZES, SPAN_CLASSES};
use crate::space::Page;
use crate::sync::atomic::Ordering::Relaxed;

/// What freed memory is filled with in torture mode.
const POISON: u8 = 0xdb;

/// How much is given back to the OS with the page heap locked.
const RELEASE_BYTES: usize = 1 << 20;

/// A span after sweeping.
pub(crate) struct Swept {
    pub(crate) free: u32,
    pub(crate) live: u32,
}

impl Heap {
    /// Sweeps up to `spans` spans, or when that is done gives free pages back to the OS, not
    /// too many at once; false when nothing is left to do. Any thread, world running or not.
    pub fn sweep_step(&self, spans: usize) -> bool {
        let _gate = self.sweep_gate.lock();
        self.settle_some() || self.sweep_some(spans) || self.release_free_pages(RELEASE_BYTES)
    }

    /// Sweeps a span.
    pub(crate) fn sweep_span(&self, at: Page) -> Swept {
        let (span, cycle) = (self.space.span(at), self.cycle());
        debug_assert!(span.swept.load(Relaxed) != cycle);
        let (mut live, mut freed) = (0, 0);
        for word in 0..span.slots().div_ceil(64) as usize {
            let (objects, garbage) = self.space.slot_bits(at, word).sweep();
            live += objects.count_ones();
            freed += garbage.count_ones();
            self.poison_slots(at, word, garbage);
        }
        span.cursor.store(0, Relaxed);
        span.dirty.store(1, Relaxed);
        span.swept.store(cycle, Relaxed);
        self.counts.frees[span.class()].fetch_add(freed as u64, Relaxed);
        Swept {
            free: span.slots() - live,
            live,
        }
    }

    /// Sweeps up to `count` spans, large objects first; false if there were none, or what is
    /// attached to objects is not settled yet (`specials`).
    pub(crate) fn sweep_some(&self, count: usize) -> bool {
        if count == usize::MAX {
            self.settle_all();
        } else if !self.may_sweep() {
            return false;
        }
        let mut done = 0;
        while done < count {
            match self.sweep_large(count - done).objects {
                0 => break,
                swept => done += swept,
            }
        }
        while done < count {
            let class = self.sweep_class.load(Relaxed);
            if class >= SPAN_CLASSES {
                break;
            }
            let next = self.classes[class].lock().take_unswept();
            let Some(at) = next else {
                // Another thread may have gone further: then this fails and is not needed.
                let _ = self
                    .sweep_class
                    .compare_exchange(class, class + 1, Relaxed, Relaxed);
                continue;
            };
            let swept = self.sweep_span(at);
            self.file_swept(class, at, swept);
            done += 1;
        }
        done > 0
    }

    /// Puts a swept span where it belongs: to the free pages or the partial ones.
    fn file_swept(&self, class: usize, at: Page, swept: Swept) {
        if swept.live == 0 {
            let pages = self.space.span(at).pages();
            self.space.unmap_span(at, pages);
            self.pages.lock().put(at, pages);
            return;
        }
        self.classes[class].lock().file(at, swept.free > 0);
    }

    /// Makes all spans of the classes unswept; the world is stopped, all caches are flushed.
    pub(crate) fn begin_sweeping(&self) {
        self.large.lock().begin_sweeping();
        for spans in &self.classes {
            spans.lock().begin_sweeping();
        }
        self.sweep_class.store(2, Relaxed);
    }

    fn poison_slots(&self, at: Page, word: usize, mut slots: u64) {
        if !self.config.torture {
            return;
        }
        let slot_bytes = SIZES[self.space.span(at).class() / 2] as usize;
        while slots != 0 {
            let slot = word * 64 + slots.trailing_zeros() as usize;
            self.poison(self.space.address(at) + slot * slot_bytes, slot_bytes);
            slots &= slots - 1;
        }
    }

    /// In torture mode fills freed memory, so that its use shows.
    pub(crate) fn poison(&self, start: usize, bytes: usize) {
        if self.config.torture {
            // SAFETY: the memory is a freed object's.
            unsafe { (start as *mut u8).write_bytes(POISON, bytes) };
        }
    }
}
