//! Sampling of allocations, at no cost for the fast path.
//!
//! One byte in `rate` is *hit*, on average and at random (a Poisson process), and an object
//! is sampled if any of its bytes is. The bytes of each span class are a process of their own:
//! together these are the process over all bytes, and where one is given up half way (a run
//! is flushed) nothing is owed, as a Poisson process remembers nothing. So all that is
//! needed is the distance to the next hit in each class. A run that the next hit lies in is
//! *cut*: the cache sees only the slots before the one that is hit. That one is given out
//! by the slow path, which notes it, and cuts the rest again.

use crate::cache::Cache;
use crate::size_class::{HEADER_BYTES, SIZES, SPAN_CLASSES};
use crate::{Heap, Object};
use goxide_abi::SlotRun;

/// What a cache needs to sample.
pub(crate) struct Sampling {
    /// Bytes between two hits; 0: none.
    rate: usize,
    /// Bytes to the next hit, by class; 0: not known yet.
    distance: [usize; SPAN_CLASSES],
    /// Where a run that was cut ends really, or 0.
    whole_end: [usize; SPAN_CLASSES],
    /// The slot of the last object that was sampled.
    sampled: usize,
    random: u64,
}

impl Sampling {
    pub(crate) fn new() -> Self {
        Self {
            rate: 0,
            distance: [0; SPAN_CLASSES],
            whole_end: [0; SPAN_CLASSES],
            sampled: 0,
            random: 0,
        }
    }

    /// A distance between two hits: exponentially distributed, at least 1 byte.
    fn draw(&mut self) -> usize {
        if self.rate == 1 {
            return 1;
        }
        // Marsaglia's xorshift64*.
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        let word = self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        let uniform = (word + 1) as f64 / (1u64 << 53) as f64;
        1 + (-uniform.ln() * self.rate as f64) as usize
    }
}

impl Cache {
    /// Bytes between two samples; 0: none are taken.
    #[inline]
    pub fn sampling_rate(&self) -> usize {
        self.sampling.rate
    }

    /// Whether this object, the last one allocated, is sampled.
    #[inline]
    pub fn take_sampled(&mut self, object: usize) -> bool {
        let slot = std::mem::take(&mut self.sampling.sampled);
        slot != 0 && object.wrapping_sub(slot) <= HEADER_BYTES
    }

    /// Whether an object of this size outside of the size classes is to be sampled.
    pub fn samples_large(&mut self, bytes: usize) -> bool {
        self.sampling.rate != 0 && self.sampling.draw() <= bytes
    }

    /// The next slot of a run that was cut: the one that is hit. What follows it becomes the
    /// class's run.
    pub(crate) fn take_hit(&mut self, class: usize) -> Option<usize> {
        let end = std::mem::take(&mut self.sampling.whole_end[class]);
        if end == 0 {
            return None;
        }
        let slot = self.head.runs[class].next;
        self.sampling.sampled = slot;
        let rest = SlotRun {
            next: slot + SIZES[class / 2] as usize,
            end,
        };
        self.install(class, rest);
        Some(slot)
    }

    /// The first slot of a new run; the rest becomes the class's run.
    pub(crate) fn begin_run(&mut self, class: usize, run: SlotRun) -> usize {
        self.install(class, run);
        let slot = self.head.runs[class];
        if slot.next < slot.end {
            self.head.runs[class].next += SIZES[class / 2] as usize;
            return slot.next;
        }
        self.take_hit(class).expect("a run has a slot, hit or not")
    }

    /// Makes slots the class's run, cut before the next hit.
    fn install(&mut self, class: usize, run: SlotRun) {
        self.head.runs[class] = run;
        let sampling = &mut self.sampling;
        if sampling.rate == 0 || run.next == run.end {
            return;
        }
        if sampling.distance[class] == 0 {
            sampling.distance[class] = sampling.draw();
        }
        let (distance, bytes) = (sampling.distance[class], run.end - run.next);
        if distance > bytes {
            sampling.distance[class] -= bytes;
            return;
        }
        let slot_bytes = SIZES[class / 2] as usize;
        sampling.distance[class] = 0;
        sampling.whole_end[class] = run.end;
        self.head.runs[class].end = run.next + (distance - 1) / slot_bytes * slot_bytes;
    }

    /// Where the class's run ends if it was cut, or 0. For statistics: the owner may be at work.
    pub(crate) fn whole_end(&self, class: usize) -> usize {
        // SAFETY: a valid reference; the word may be stale.
        unsafe { (&raw const self.sampling.whole_end[class]).read_volatile() }
    }

    /// The class's run with what was cut off.
    pub(crate) fn whole_run(&mut self, class: usize) -> SlotRun {
        let end = std::mem::take(&mut self.sampling.whole_end[class]);
        let run = &mut self.head.runs[class];
        run.end = run.end.max(end);
        *run
    }
}

impl Heap {
    /// From now on one byte in `rate` is hit; 0: none.
    pub fn set_sampling(&self, cache: &mut Cache, rate: usize) {
        // What the cache holds was cut at the old rate.
        self.flush(cache);
        let seed = (cache as *const Cache as u64) ^ u64::from(self.cycle()) << 48;
        let sampling = &mut cache.sampling;
        sampling.rate = rate;
        sampling.distance = [0; SPAN_CLASSES];
        sampling.random |= seed | 1;
    }

    /// Bytes that an object is charged with: its slot's.
    pub fn charged_bytes(&self, object: usize) -> usize {
        self.find_object(object)
            .map_or(0, |Object { base, size, .. }| {
                let at = self
                    .space
                    .locate(base)
                    .map_or(0, |at| self.header_bytes(at));
                size + at
            })
    }
}
