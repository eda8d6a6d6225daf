//! Starting, stopping and resetting.

use super::words::{State, state};
use crate::atomic::Ordering;
use crate::futex::yield_thread;
use crate::netpoll;
use crate::sched::SCHED;
use crate::sched::m::here;
use goxide_abi::Timer;

/// What a Rust timer calls, on a system stack with a P and without locks.
pub type RustFunction = unsafe fn(*mut Timer);

/// Sets the timer's Rust function.
///
/// # Safety
/// The timer is not started.
pub unsafe fn set_function(t: *mut Timer, f: RustFunction) {
    // SAFETY: see above.
    unsafe { (*t).private[3] = f as usize };
}

/// Starts a timer that is in no heap.
///
/// # Safety
/// The timer stays where it is until it is due or stopped; on an M with a P.
pub unsafe fn start(t: *mut Timer) {
    // SAFETY: see above.
    unsafe {
        let s = state(t);
        s.lock.lock();
        s.generation.fetch_add(1, Ordering::Relaxed);
        insert(t);
        s.lock.unlock();
    }
}

/// Puts it into a heap, with its lock held.
unsafe fn insert(t: *mut Timer) {
    // SAFETY: as in `start`.
    unsafe {
        (*t).when_ns = (*t).when_ns.max(1);
        let when = (*t).when_ns;
        netpoll::initialize();
        let p = &*(*here()).p;
        if p.timers.insert(t, p.id) {
            netpoll::wake_for_timer(when);
        }
    }
}

/// Stops it; true if it was going to fire.
///
/// # Safety
/// The timer is live.
pub unsafe fn stop(t: *mut Timer) -> bool {
    // SAFETY: see above.
    unsafe {
        let s = state(t);
        s.lock.lock();
        let active = stop_locked(t, &s);
        s.lock.unlock();
        active
    }
}

unsafe fn stop_locked(t: *mut Timer, s: &State) -> bool {
    // SAFETY: as in `stop`.
    unsafe {
        let removed = remove(t, s);
        s.generation.fetch_add(1, Ordering::SeqCst);
        if (*t).channel == 0 {
            return removed;
        }
        // Go ≥ 1.23: no value of the time before this call is received after it.
        while s.running.load(Ordering::SeqCst) != 0 {
            yield_thread();
        }
        let drained = crate::chan::drain_timer((*t).channel);
        let pending = s.pending.swap(0, Ordering::SeqCst) != 0;
        removed || drained || pending
    }
}

unsafe fn remove(t: *mut Timer, s: &State) -> bool {
    loop {
        let p = s.heap.load(Ordering::SeqCst);
        if p == 0 {
            return false;
        }
        // SAFETY: the number is that of a P that exists; the timer is live.
        let removed = unsafe {
            (*SCHED.ps[p - 1].load(Ordering::Acquire))
                .timers
                .remove(t, p - 1)
        };
        if removed {
            return true;
        }
    }
}

/// Stops it and starts it anew; true if it was going to fire.
///
/// # Safety
/// As for [`start`].
pub unsafe fn reset(t: *mut Timer, when_ns: i64, period_ns: i64) -> bool {
    // SAFETY: see above.
    unsafe {
        let s = state(t);
        s.lock.lock();
        let active = stop_locked(t, &s);
        (*t).when_ns = when_ns;
        (*t).period_ns = period_ns;
        insert(t);
        s.lock.unlock();
        active
    }
}
