//! Starting, stopping and resetting.

use super::heap::p_of_place;
use super::queue::Timers;
use super::words::{State, is_active, state};
use crate::atomic::Ordering;
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

/// Starts a timer without a channel that nobody else knows yet and that is in no heap.
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
/// As for [`start`], but that others may know it, and that it may have a channel.
pub unsafe fn reset(t: *mut Timer, when_ns: i64, period_ns: i64) -> bool {
    // SAFETY: see above.
    unsafe { set(t, when_ns.max(1), period_ns) }
}

/// Sets when it is due (0: never); true if it was going to fire.
unsafe fn set(t: *mut Timer, when_ns: i64, period_ns: i64) -> bool {
    // SAFETY: as in `reset`; only this module and the channel's functions write the fields.
    unsafe {
        let f = |_: &State| {
            let started = (*t).when_ns != 0;
            (*t).when_ns = when_ns;
            (*t).period_ns = period_ns;
            started
        };
        if (*t).channel == 0 {
            change(t, f)
        } else {
            crate::chan::with_timers_channel(t, || change(t, f))
        }
    }
}

/// Changes the timer, and puts it into a heap if it belongs there now. If it is in one, and
/// not due earlier than that believes, only the timer itself is changed.
///
/// # Safety
/// As for [`reset`]. The lock of its channel is held, if it has one; that of no heap is.
pub unsafe fn change<R>(t: *mut Timer, f: impl FnOnce(&State) -> R) -> R {
    // SAFETY: see above.
    unsafe {
        let s = state(t);
        s.lock.lock();
        let was_active = is_active(t, &s);
        let r = f(&s);
        let (active, when_ns) = (is_active(t, &s), (*t).when_ns);
        let place = s.place.load(Ordering::Relaxed);
        let stays = place != 0 && (!active || when_ns >= s.key_ns.load(Ordering::Relaxed));
        if place != 0 && was_active != (stays && active) {
            let p = SCHED.proc(p_of_place(place));
            p.timers.note_stale(was_active);
        }
        if place != 0 && !stays {
            s.place.store(0, Ordering::Relaxed);
        }
        s.lock.unlock();
        if active && !(was_active && stays) {
            crate::memory::shade_timer(t);
        }
        if active && !stays {
            add(when_ns, |timers| timers.insert(t));
        }
        r
    }
}
