//! Starting, stopping and resetting.

use super::heap::p_of_place;
use super::queue::Timers;
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
/// The timer is not started, or has this function already.
pub unsafe fn set_function(t: *mut Timer, f: RustFunction) {
    // SAFETY: see above.
    unsafe { (*t).private[3] = f as usize };
}

/// Starts a timer that nobody else knows yet and that is in no heap.
///
/// # Safety
/// The timer stays where it is until it is due or has been dropped by the collector; on an
/// M with a P.
pub unsafe fn start(t: *mut Timer) {
    // SAFETY: see above.
    unsafe {
        (*t).when_ns = (*t).when_ns.max(1);
        add((*t).when_ns, |timers| timers.insert_new(t));
    }
}

/// Puts a timer into the heap of this M's P.
unsafe fn add(when_ns: i64, insert: impl FnOnce(&Timers) -> bool) {
    netpoll::initialize();
    // SAFETY: on an M with a P.
    if insert(unsafe { &(*(*here()).p).timers }) {
        netpoll::wake_for_timer(when_ns);
    }
}

/// Stops it; true if it was going to fire.
///
/// # Safety
/// The timer is live.
pub unsafe fn stop(t: *mut Timer) -> bool {
    // SAFETY: see above.
    unsafe { set(t, 0, 0) }
}

/// Stops it and starts it anew; true if it was going to fire.
///
/// # Safety
/// As for [`start`], but that others may know it.
pub unsafe fn reset(t: *mut Timer, when_ns: i64, period_ns: i64) -> bool {
    // SAFETY: see above.
    unsafe { set(t, when_ns.max(1), period_ns) }
}

/// Sets when it is due (0: never); true if it was going to fire. If it is in a heap and not
/// due earlier than that believes, only the timer itself is changed.
unsafe fn set(t: *mut Timer, when_ns: i64, period_ns: i64) -> bool {
    // SAFETY: as in `reset`.
    unsafe {
        let s = state(t);
        s.lock.lock();
        let place = s.place.load(Ordering::Relaxed);
        let started = (*t).when_ns != 0;
        // One that does not repeat and stands in a heap has not fired since it was started.
        let may_have_fired = place == 0 || (*t).period_ns != 0 || s.is_under_way();
        let withdrawn = (*t).channel != 0 && may_have_fired && withdraw(t, &s);
        (*t).when_ns = when_ns;
        (*t).period_ns = period_ns;
        let stays = place != 0 && (when_ns == 0 || when_ns >= s.key_ns.load(Ordering::Relaxed));
        if place != 0 && started != (stays && when_ns != 0) {
            let p = SCHED.ps[p_of_place(place)].load(Ordering::Acquire);
            (*p).timers.note_stale(started);
        }
        if !stays {
            s.place.store(0, Ordering::Relaxed);
        }
        s.lock.unlock();
        if when_ns != 0 && !stays {
            add(when_ns, |timers| timers.insert(t));
        }
        started || withdrawn
    }
}

/// Sees to it that no value of the time before is received from the timer's channel (as Go
/// has it since 1.23); true if there was one, or was to be. Its lock is held.
#[cold]
unsafe fn withdraw(t: *mut Timer, s: &State) -> bool {
    s.generation.fetch_add(1, Ordering::SeqCst);
    while s.running.load(Ordering::SeqCst) != 0 {
        yield_thread();
    }
    // SAFETY: the timer is live.
    let drained = unsafe { crate::chan::drain_timer((*t).channel) };
    let pending = s.pending.swap(0, Ordering::SeqCst) != 0;
    drained || pending
}
