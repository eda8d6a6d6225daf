//! Who wakes a thread for a goroutine that was made ready, and who goes to sleep.
//!
//! At most one M at a time is woken to spin, that is, to look for goroutines at other Ps
//! (`SCHED.spinning` goes from 0 to 1); it wakes the next when it finds one. So a burst of
//! ready goroutines starts Ms one by one, and none sleeps while there is work, because of
//! two things that each side does in this order:
//!
//! | who makes a goroutine ready | who goes to sleep |
//! |---|---|
//! | puts it into a queue | puts its P on the idle list, and says that it spins no more |
//! | looks for idle Ps and spinning Ms | looks into all queues |
//!
//! Whichever comes first, one of the two sees the other. For that the first step must be
//! visible to all threads before the second is taken: it ends in [`barrier`].
//!
//! `tests/model_wake.rs` compiles this file with loom's atomics.

use super::SCHED;
use super::g::G;
use super::idle::{acquire, take_idle_p};
use super::m::M;
use super::proc::wait_for_work;
use super::threads::{retire_p, start_m};
use crate::atomic::{Ordering, barrier, full_barrier};

/// There is new work: starts a spinning M if a P is idle and nobody spins yet. The work was
/// published by an atomic operation that reads and writes (a lock's, a swap).
#[inline]
pub fn wake_p() {
    barrier();
    if SCHED.idle_ps.load(Ordering::SeqCst) != 0 && SCHED.spinning.load(Ordering::SeqCst) == 0 {
        wake_slow();
    }
}

/// The same, of work that was published by a mere store, as to the end of a P's queue.
pub fn wake_p_after_push() {
    full_barrier();
    wake_p();
}

#[cold]
fn wake_slow() {
    if SCHED
        .spinning
        .compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst)
        .is_err()
    {
        return;
    }
    match SCHED.with(take_idle_p) {
        Some(p) => start_m(p, true),
        None => {
            SCHED.spinning.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Starts a spinning M for an idle P, whoever spins already.
pub fn start_idle_p() {
    if let Some(p) = SCHED.with(take_idle_p) {
        SCHED.spinning.fetch_add(1, Ordering::SeqCst);
        start_m(p, true);
    }
}

/// Something was put into the global queue by a thread without a P.
pub fn start_for_global() {
    barrier();
    if SCHED.idle_ps.load(Ordering::SeqCst) > 0 {
        start_idle_p();
    }
}

/// Whether this M may look for work at other Ps; counts it as spinning.
///
/// # Safety
/// The M is this thread's.
pub unsafe fn may_spin(m: *mut M) -> bool {
    // SAFETY: see above.
    unsafe {
        if !(*m).spinning {
            let busy = SCHED.gomaxprocs.load(Ordering::Relaxed) as i32
                - SCHED.idle_ps.load(Ordering::Relaxed);
            if 2 * SCHED.spinning.load(Ordering::Relaxed) >= busy {
                return false;
            }
            start_spinning(m);
        }
    }
    true
}

/// This M spins from now on.
///
/// # Safety
/// The M is this thread's, and does not spin.
pub unsafe fn start_spinning(m: *mut M) {
    // SAFETY: see above.
    unsafe { (*m).spinning = true };
    SCHED.spinning.fetch_add(1, Ordering::SeqCst);
}

/// This M spins no more; gives whether it did.
///
/// # Safety
/// The M is this thread's.
pub unsafe fn stop_spinning(m: *mut M) -> bool {
    // SAFETY: see above.
    let spun = unsafe { std::mem::replace(&mut (*m).spinning, false) };
    if spun {
        SCHED.spinning.fetch_sub(1, Ordering::SeqCst);
    }
    spun
}

/// Gives up the P and sleeps, in the poller or on the M's parker. Comes back with a P, and
/// perhaps with a goroutine.
///
/// # Safety
/// The M is this thread's and has a P, with nothing in its queue.
pub unsafe fn go_idle(m: *mut M) -> Option<*mut G> {
    // SAFETY: see above.
    unsafe {
        let mut found = std::ptr::null_mut();
        let retired = SCHED.with(|shared| {
            if SCHED.stopping.load(Ordering::SeqCst) {
                return false;
            }
            if !shared.global.is_empty() {
                found = shared.global.pop();
                SCHED
                    .global_len
                    .store(shared.global.len(), Ordering::Release);
                return false;
            }
            retire_p(shared, m);
            true
        });
        if !retired {
            return (!found.is_null()).then_some(found);
        }
        let was_spinning = stop_spinning(m);
        barrier();
        // From here on whoever makes work ready sees an idle P and no spinning M; what was
        // made ready before is seen now.
        if work_somewhere()
            && let Some(p) = SCHED.with(take_idle_p)
        {
            acquire(m, p);
            start_spinning(m);
            return None;
        }
        wait_for_work(m, was_spinning)
    }
}

/// Whether there is a goroutine in any queue.
pub fn work_somewhere() -> bool {
    SCHED.global_len.load(Ordering::SeqCst) != 0 || SCHED.procs().any(|p| !p.queue.is_empty())
}
