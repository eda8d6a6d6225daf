//! Samples on their way from signal handlers to the goroutine that reads them: a bounded queue
//! of slots, each with a sequence number (D. Vyukov's bounded queue).
//!
//! Slot i is free for the writer of position p ≡ i when its number is p, and holds that
//! writer's sample when it is p + 1; the reader frees it by p + [`SLOTS`]. Writers never wait: if
//! there is no free slot, ticks are counted as lost. There is one reader at a time.

use crate::atomic::{AtomicUsize, Ordering};
use goxide_abi::CPU_SAMPLE_FRAMES;
use std::cell::UnsafeCell;
use std::ops::Range;

/// How many samples wait at most: seconds' worth at 100 Hz.
const SLOTS: usize = 4096;

/// What a handler found.
#[derive(Clone, Copy)]
pub struct Sample {
    /// Ticks.
    pub count: usize,
    /// Labels of the goroutine.
    pub labels: usize,
    /// For execution traces: time, thread, P and goroutine.
    pub origin: [u64; 4],
    /// How many of `pcs` count.
    pub depth: usize,
    /// As in [`goxide_abi::CpuSample`].
    pub pcs: [usize; CPU_SAMPLE_FRAMES],
}

struct Slot {
    sequence: AtomicUsize,
    sample: UnsafeCell<Sample>,
}

/// The queue.
pub struct Ring {
    slots: Box<[Slot]>,
    /// Labels of the samples, by slot: together, as the collector looks at them.
    labels: Box<[AtomicUsize]>,
    /// The next position to write, ...
    head: AtomicUsize,
    /// ... and to read.
    tail: AtomicUsize,
    lost: AtomicUsize,
}

// SAFETY: a slot's sample is touched by one thread at a time, see above.
unsafe impl Sync for Ring {}

impl Ring {
    /// An empty one.
    pub fn new() -> Ring {
        let empty = Sample {
            count: 0,
            labels: 0,
            origin: [0; 4],
            depth: 0,
            pcs: [0; CPU_SAMPLE_FRAMES],
        };
        let slot = |i| Slot {
            sequence: AtomicUsize::new(i),
            sample: UnsafeCell::new(empty),
        };
        Ring {
            slots: (0..SLOTS).map(slot).collect(),
            labels: (0..SLOTS).map(|_| AtomicUsize::new(0)).collect(),
            head: AtomicUsize::new(0),
            tail: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
        }
    }

    /// Adds a sample, or counts it as lost. Async-signal-safe.
    pub fn push(&self, sample: &Sample) {
        let mut at = self.head.load(Ordering::Relaxed);
        loop {
            let slot = &self.slots[at % SLOTS];
            let sequence = slot.sequence.load(Ordering::Acquire);
            if sequence == at {
                match self
                    .head
                    .compare_exchange(at, at + 1, Ordering::Relaxed, Ordering::Relaxed)
                {
                    Ok(_) => return self.fill(slot, at, sample),
                    Err(now) => at = now,
                }
            } else if sequence < at {
                self.lost.fetch_add(sample.count, Ordering::Relaxed);
                return;
            } else {
                at = self.head.load(Ordering::Relaxed);
            }
        }
    }

    fn fill(&self, slot: &Slot, at: usize, sample: &Sample) {
        // SAFETY: the position is ours.
        unsafe {
            let to = &mut *slot.sample.get();
            to.count = sample.count;
            to.origin = sample.origin;
            to.depth = sample.depth;
            to.pcs[..sample.depth].copy_from_slice(&sample.pcs[..sample.depth]);
        }
        self.labels[at % SLOTS].store(sample.labels, Ordering::Relaxed);
        slot.sequence.store(at + 1, Ordering::Release);
    }

    /// Takes the oldest sample.
    ///
    /// # Safety
    /// There is no other reader.
    pub unsafe fn pop(&self) -> Option<Sample> {
        let at = self.tail.load(Ordering::Relaxed);
        let slot = &self.slots[at % SLOTS];
        if slot.sequence.load(Ordering::Acquire) != at + 1 {
            return None;
        }
        // SAFETY: written, and not to be written again before we free it.
        let mut sample = unsafe { *slot.sample.get() };
        sample.labels = self.labels[at % SLOTS].swap(0, Ordering::Relaxed);
        slot.sequence.store(at + SLOTS, Ordering::Release);
        self.tail.store(at + 1, Ordering::Relaxed);
        Some(sample)
    }

    /// The ticks lost since the last call.
    pub fn take_lost(&self) -> usize {
        self.lost.swap(0, Ordering::Relaxed)
    }

    /// The words that keep labels alive.
    pub fn root_range(&self) -> Range<usize> {
        let words = self.labels.as_ptr_range();
        words.start as usize..words.end as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(pcs: &[usize], count: usize) -> Sample {
        let mut sample = Sample {
            count,
            labels: 7 * count,
            origin: [0; 4],
            depth: pcs.len(),
            pcs: [0; CPU_SAMPLE_FRAMES],
        };
        sample.pcs[..pcs.len()].copy_from_slice(pcs);
        sample
    }

    #[test]
    fn samples_come_out_in_order_and_what_has_no_room_is_counted() {
        let ring = Ring::new();
        for i in 0..SLOTS + 3 {
            ring.push(&sample(&[i], 2));
        }
        assert_eq!(ring.take_lost(), 6);
        for i in 0..SLOTS {
            // SAFETY: the only reader.
            let taken = unsafe { ring.pop() }.unwrap();
            assert_eq!((taken.pcs[0], taken.labels), (i, 14));
        }
        // SAFETY: as above.
        assert!(unsafe { ring.pop() }.is_none());
    }

    #[test]
    fn nothing_is_lost_between_threads_unless_it_is_counted() {
        const EACH: usize = 20_000;
        let ring = Ring::new();
        let (mut seen, mut done) = (0, 0);
        std::thread::scope(|scope| {
            let writers: Vec<_> = (1..=3)
                .map(|id| {
                    let ring = &ring;
                    scope.spawn(move || (0..EACH).for_each(|_| ring.push(&sample(&[id; 9], 1))))
                })
                .collect();
            while done < 2 {
                done += usize::from(writers.iter().all(|w| w.is_finished()));
                // SAFETY: the only reader.
                while let Some(taken) = unsafe { ring.pop() } {
                    assert!(taken.pcs[..9].iter().all(|&pc| pc == taken.pcs[0]));
                    seen += 1;
                }
            }
        });
        assert_eq!(seen + ring.take_lost(), 3 * EACH);
    }
}
