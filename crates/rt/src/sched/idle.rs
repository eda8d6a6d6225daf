//! Ps come to an M and leave it: the list of idle ones, and what becomes of one that is
//! given up.

use super::m::{M, here};
use super::p::{P, PStatus};
use super::threads::start_m;
use super::world::{bury, is_dying};
use super::{SCHED, Shared};
use crate::tracer;
use std::sync::atomic::Ordering;

/// Takes an idle P off the list.
pub fn take_idle_p(shared: &mut Shared) -> Option<*mut P> {
    let p = shared.idle_ps.pop()?;
    SCHED.idle_ps.fetch_sub(1, Ordering::SeqCst);
    super::sysmon::a_p_leaves_the_idle_list();
    Some(p)
}

/// Puts a P without an M on the list.
pub fn put_idle_p(shared: &mut Shared, p: *mut P) {
    // SAFETY: Ps are never freed.
    unsafe {
        debug_assert!((*p).queue.is_empty());
        if is_dying(&*p) {
            return bury(shared, p);
        }
        (*p).set_status(PStatus::Idle);
    }
    shared.idle_ps.push(p);
    SCHED.idle_ps.fetch_add(1, Ordering::SeqCst);
}

/// Makes `p` the M's.
///
/// # Safety
/// The M is this thread's and has no P; `p` is owned by the caller.
pub unsafe fn acquire(m: *mut M, p: *mut P) {
    // SAFETY: see above.
    unsafe {
        debug_assert!((*m).p.is_null());
        (*m).p = p;
        (*m).context.p = (*p).id as u32;
        (*p).m.store(m, Ordering::Release);
        (*p).set_status(PStatus::Running);
        tracer::proc_start(m);
    }
}

/// Takes the M's P from it; its status stays for the caller to set.
///
/// # Safety
/// The M is this thread's and has a P.
pub unsafe fn release(m: *mut M) -> *mut P {
    // SAFETY: see above.
    unsafe {
        tracer::proc_stop(m);
        let p = (*m).p;
        (*m).p = std::ptr::null_mut();
        (*p).m.store(std::ptr::null_mut(), Ordering::Release);
        p
    }
}

/// Gives up a P that no M owns: to an M if there is work for it, else to the idle list.
pub fn hand_off(p: *mut P) {
    // SAFETY: Ps are never freed, and the caller owns this one.
    let has_work = unsafe { !(*p).queue.is_empty() };
    if has_work || SCHED.global_len.load(Ordering::Acquire) != 0 {
        return start_m(p, false);
    }
    if SCHED.spinning.load(Ordering::SeqCst) == 0
        && SCHED.idle_ps.load(Ordering::SeqCst) == 0
        && SCHED
            .spinning
            .compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    {
        return start_m(p, true);
    }
    let start = SCHED.with(|shared| {
        if SCHED.stopping.load(Ordering::SeqCst) {
            // SAFETY: as above.
            unsafe { (*p).set_status(PStatus::Stopped) };
            shared.stopped_ps.push(p);
            SCHED.stop_wait.fetch_sub(1, Ordering::SeqCst);
            crate::futex::futex_wake(&SCHED.stop_wait, 1);
            return false;
        }
        if !shared.global.is_empty() {
            return true;
        }
        put_idle_p(shared, p);
        false
    });
    if start {
        return start_m(p, false);
    }
    // Its timers are now nobody's: the M that waits for the network must know of them.
    // SAFETY: as above.
    let when = unsafe { (*p).timers.next_ns() };
    if when != 0 {
        crate::netpoll::wake_for_timer(when);
    }
}

/// Whether this thread runs a goroutine that may not be moved.
pub fn pinned() -> bool {
    // SAFETY: called on Ms.
    unsafe { (*here()).context.pins != 0 }
}
