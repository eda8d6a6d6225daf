//! The profiles of waiting: `block` counts waits by the stack that waited, `mutex` by the
//! stack of whoever let the lock go that others waited for.
//!
//! A wait is timed from the moment the goroutine is off its M until it is made ready, which
//! costs nothing but a test while the profile is off.

use super::table::Table;
use crate::sched::g::G;
use crate::sched::m::{current_g, here};
use crate::time::nanotime;
use goxide_abi::{PROFILE_FRAMES, ProfileRecord, WaitReason};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Waits of this many ns are counted for certain, shorter ones by chance; 0: none are.
static BLOCK_RATE: AtomicUsize = AtomicUsize::new(0);
/// One contention in so many is counted; 0: none are.
static MUTEX_FRACTION: AtomicUsize = AtomicUsize::new(0);

/// Waits, ...
pub static BLOCK: Waits = Waits(Table::new());
/// ... and what made others wait.
pub static MUTEX: Waits = Waits(Table::new());

/// A table of either.
pub struct Waits(Table<Counts>);

/// Scaled up by the chance that an event had to be counted.
#[derive(Default)]
struct Counts {
    events: f64,
    ns: i64,
}

impl Waits {
    fn add(&self, pcs: &[usize], events: f64, ns: i64) {
        self.0.count(0, pcs, |counts| {
            counts.events += events;
            counts.ns = counts.ns.saturating_add(ns);
        });
    }

    /// As [`Table::bytes`].
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// As [`Table::record`].
    pub fn record(&self, index: usize, record: Option<&mut ProfileRecord>) -> usize {
        self.0.record(index, record, |counts| {
            [(counts.events as usize).max(1), counts.ns as usize]
        })
    }
}

pub(super) fn set_block_rate(ns: usize) -> usize {
    BLOCK_RATE.swap(ns, Ordering::Relaxed)
}

pub(super) fn set_mutex_fraction(n: usize) -> usize {
    MUTEX_FRACTION.swap(n, Ordering::Relaxed)
}

/// A random number below `n`; not the scheduler's, as a profile is to change no schedule.
pub(super) fn random_below(n: u64) -> u64 {
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    // Steele and others' splitmix64.
    let z = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ z >> 31) % n
}

/// Whether the profile of waits has to do with waiting for this.
fn is_blocking(reason: WaitReason) -> bool {
    matches!(
        reason,
        WaitReason::Semacquire
            | WaitReason::SyncMutex
            | WaitReason::SyncRwMutexRead
            | WaitReason::SyncRwMutex
            | WaitReason::SyncWaitGroup
            | WaitReason::SyncCond
            | WaitReason::ChanReceive
            | WaitReason::ChanSend
            | WaitReason::Select
    )
}

/// `g` is off its M and about to wait.
///
/// # Safety
/// Nobody can wake it yet.
#[inline]
pub unsafe fn begins(g: *mut G, reason: WaitReason) {
    if BLOCK_RATE.load(Ordering::Relaxed) != 0 && is_blocking(reason) {
        // SAFETY: see above.
        unsafe { (*g).blocked_ns = [nanotime(), 0] };
    }
}

/// `g` is made ready.
///
/// # Safety
/// By whoever has the right to do so.
#[inline]
pub unsafe fn ends(g: *mut G) {
    // SAFETY: see above.
    unsafe {
        if (*g).blocked_ns[0] != 0 {
            (*g).blocked_ns[1] = nanotime();
        }
    }
}

/// `g` is about to go on: counts its wait.
///
/// # Safety
/// The caller owns `g`, which is on no M.
#[inline]
pub unsafe fn resumes(g: *mut G) {
    // SAFETY: see above.
    unsafe {
        if (*g).blocked_ns[0] != 0 {
            blocked(g);
        }
    }
}

#[cold]
unsafe fn blocked(g: *mut G) {
    // SAFETY: as in `resumes`.
    let [since, until] = unsafe { std::mem::take(&mut (*g).blocked_ns) };
    let until = if until == 0 { nanotime() } else { until };
    let ns = (until - since).max(1);
    let rate = BLOCK_RATE.load(Ordering::Relaxed) as i64;
    if rate <= 0 || rate > ns && random_below(rate as u64) as i64 > ns {
        return;
    }
    let mut pcs = [0; PROFILE_FRAMES];
    // SAFETY: as in `resumes`.
    let pcs = unsafe { super::stack_of(g, &mut pcs) };
    if ns < rate {
        // One in rate / ns such waits was to be counted.
        BLOCK.add(pcs, rate as f64 / ns as f64, rate);
    } else {
        BLOCK.add(pcs, 1.0, ns);
    }
}

/// Whether this is a wait for a lock.
#[inline]
pub fn is_lock(reason: WaitReason) -> bool {
    matches!(
        reason,
        WaitReason::SyncMutex | WaitReason::SyncRwMutexRead | WaitReason::SyncRwMutex
    )
}

/// When a wait for a lock begins, which is now, if the profile is to know; else 0.
#[inline]
pub fn lock_wait_begins(reason: WaitReason, now: i64) -> i64 {
    if is_lock(reason) && MUTEX_FRACTION.load(Ordering::Relaxed) != 0 {
        return now;
    }
    0
}

/// The running goroutine has let go of a lock for which others have waited so many ns, taken
/// together.
///
/// # Safety
/// In a runtime call.
#[cold]
pub unsafe fn contended(ns: i64) {
    let fraction = MUTEX_FRACTION.load(Ordering::Relaxed);
    if fraction == 0 || random_below(fraction as u64) != 0 || here().is_null() {
        return;
    }
    let g = current_g();
    if g.is_null() {
        return;
    }
    let mut pcs = [0; PROFILE_FRAMES];
    // SAFETY: see above.
    let pcs = unsafe { super::stack_of(g, &mut pcs) };
    let scale = fraction as i64;
    MUTEX.add(pcs, fraction as f64, ns.max(0).saturating_mul(scale));
}
