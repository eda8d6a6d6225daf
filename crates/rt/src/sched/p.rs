//! P: the right to run Go code, with what is kept for each such right.

use super::g::G;
use super::m::M;
pub use super::p_status::{Claim, PStatus};
use super::runq::RunQueue;
use crate::timer::Timers;
use crate::tracer::PTrace;
use goxide_abi::DeferChunk;
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};

/// A P.
pub struct P {
    /// Number.
    pub id: usize,
    /// What it is doing, and so whose it is.
    pub claim: Claim,
    /// The M that owns it, or null.
    pub m: AtomicPtr<M>,
    /// Runnable goroutines.
    pub queue: RunQueue,
    /// Its timers.
    pub timers: Timers,
    /// Grows with each goroutine scheduled.
    pub schedule_tick: AtomicU32,
    /// The time slice is over: of its goroutine, or of several that go on in the same one.
    pub preempt: AtomicBool,
    /// Goroutines made and ended by its owners, system ones apart; see
    /// [`lifecycle`](super::lifecycle).
    pub made: AtomicUsize,
    /// See `made`.
    pub ended: AtomicUsize,
    /// Dead Gs that it keeps, for those who watch.
    pub free_gs: AtomicU32,
    /// What only the owner touches.
    pub own: UnsafeCell<Own>,
    /// For execution traces; touched by the owner only.
    pub trace: UnsafeCell<PTrace>,
}

/// The part of a P that only its owner touches.
pub struct Own {
    /// Dead Gs for reuse.
    pub free: Vec<*mut G>,
    /// Chunks of stacks of deferred calls, for reuse.
    pub defer_chunks: Vec<*mut DeferChunk>,
    /// The allocator's cache.
    pub memory: crate::memory::PCache,
}

// SAFETY: `own` and `trace` are touched by the owner only; the rest is atomic or locked.
unsafe impl Sync for P {}
// SAFETY: as above.
unsafe impl Send for P {}

impl P {
    /// A new P.
    pub fn new(id: usize) -> P {
        P {
            id,
            claim: Claim::new(PStatus::Dead),
            m: AtomicPtr::new(std::ptr::null_mut()),
            queue: RunQueue::new(),
            timers: Timers::new(id),
            schedule_tick: AtomicU32::new(0),
            preempt: AtomicBool::new(false),
            made: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            free_gs: AtomicU32::new(0),
            own: UnsafeCell::new(Own {
                free: Vec::new(),
                defer_chunks: Vec::new(),
                memory: crate::memory::PCache::new(),
            }),
            trace: UnsafeCell::new(PTrace::new()),
        }
    }

    /// Its status.
    pub fn status(&self) -> PStatus {
        self.claim.status()
    }

    /// Sets it.
    pub fn set_status(&self, status: PStatus) {
        self.claim.set(status);
    }

    /// Counts, by its owner.
    #[inline]
    pub fn count(counter: &AtomicUsize) {
        let n = counter.load(Ordering::Relaxed);
        counter.store(n.wrapping_add(1), Ordering::Release);
    }

    /// The owner's part.
    ///
    /// # Safety
    /// The caller's M owns this P, or the world is stopped.
    #[allow(
        clippy::mut_from_ref,
        reason = "the caller promises that there is one only"
    )]
    pub unsafe fn own(&self) -> &mut Own {
        // SAFETY: see above.
        unsafe { &mut *self.own.get() }
    }
}
