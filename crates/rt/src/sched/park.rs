//! Parking a goroutine and making it ready again.

use super::SCHED;
use super::g::{G, Status};
use super::m::{Leave, current_g, here, leave};
use super::wake::{start_for_global, wake_p};
use crate::tracer;
use goxide_abi::WaitReason;
use std::sync::atomic::Ordering;

/// The running goroutine waits from the end of this runtime call on (say first with
/// [`set_durable`] whether only its bubble can end that). `commit(g, argument)`
/// runs once it is off the M; from then on (not before) it may be made ready.
pub fn park(reason: WaitReason, commit: Option<unsafe fn(*mut G, usize) -> bool>, argument: usize) {
    leave(Leave::Park {
        reason,
        commit,
        argument,
    });
}

/// Commit for what is guarded by one lock, whose address is the argument.
///
/// # Safety
/// The address is that of a live lock held by this M.
pub unsafe fn unlock_commit(_g: *mut G, lock: usize) -> bool {
    // SAFETY: see above.
    unsafe { (*(lock as *const crate::sync::Lock)).unlock() };
    true
}

/// Makes a waiting goroutine runnable: it becomes the next of this M's P.
///
/// # Safety
/// `g` waits, and the caller owns the right to wake it.
pub unsafe fn ready(g: *mut G) {
    // SAFETY: see above; the M has a P, as all that run Go code or the scheduler do.
    unsafe {
        debug_assert_eq!((*g).status(), Status::Waiting);
        super::bubble::leave_wait(g);
        tracer::go_unblock(g);
        crate::profile::waits::ends(g);
        (*g).set_status(Status::Runnable);
        let m = here();
        if m.is_null() || (*m).p.is_null() {
            put_global(g);
            start_for_global();
            return;
        }
        put_next(g);
    }
    wake_p();
}

/// Makes `g` the next of this M's P; whom it displaces goes to the end of the queue.
///
/// # Safety
/// The caller owns the runnable `g` and runs on an M with a P.
pub unsafe fn put_next(g: *mut G) {
    // SAFETY: see above.
    let p = unsafe { &*(*here()).p };
    let displaced = p.queue.set_next(g);
    if !displaced.is_null() {
        // SAFETY: we own what we displaced.
        unsafe { put_last(displaced) };
    }
}

/// Adds `g` to the end of this M's P's queue.
///
/// # Safety
/// As for [`put_next`].
pub unsafe fn put_last(g: *mut G) {
    // SAFETY: see above.
    let p = unsafe { &*(*here()).p };
    p.queue.push(g, |batch| {
        SCHED.with(|shared| {
            for g in batch {
                shared.global.push(g);
            }
            SCHED
                .global_len
                .store(shared.global.len(), Ordering::Release);
        });
    });
}

/// Adds `g` to the global queue.
pub fn put_global(g: *mut G) {
    SCHED.with(|shared| {
        shared.global.push(g);
        SCHED
            .global_len
            .store(shared.global.len(), Ordering::Release);
    });
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gosched() {
    yield_to(Leave::Yield);
}

/// The running goroutine goes to the end of a queue.
pub fn yield_to(queue: Leave) {
    // SAFETY: the running goroutine; it continues behind the stub of this call.
    unsafe { (*current_g()).context.sched_pc = goxide_fiber::resume_parked_address() };
    leave(queue);
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gopark_forever(reason: usize) {
    set_durable(true);
    park(WaitReason::from_number(reason), None, 0);
}

/// The wait that the running goroutine is about to begin is durable, if it is in a bubble.
pub fn set_durable(durable: bool) {
    // SAFETY: the running goroutine.
    unsafe {
        let g = current_g();
        (*g).durable = durable && super::bubble::of(g) != 0;
    }
}

/// `park` and `ready` of the Go half meet in `park_token`.
#[unsafe(no_mangle)]
extern "C" fn goxide_park(reason: usize) {
    unsafe fn commit(g: *mut G, _: usize) -> bool {
        // SAFETY: the G is ours until the token says that it is parked.
        let token = unsafe { &(*g).park_token };
        if token
            .compare_exchange(0, 1, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
        {
            return true;
        }
        token.store(0, Ordering::Release);
        false
    }
    // SAFETY: the running goroutine.
    let token = unsafe { &(*current_g()).park_token };
    if token
        .compare_exchange(2, 0, Ordering::AcqRel, Ordering::Acquire)
        .is_ok()
    {
        return;
    }
    park(WaitReason::from_number(reason), Some(commit), 0);
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn goxide_ready(g: *mut G) {
    // SAFETY: Go passes a G that it got from `getg`; Gs are never freed.
    unsafe {
        if (*g).park_token.swap(2, Ordering::AcqRel) == 1 {
            (*g).park_token.store(0, Ordering::Release);
            ready(g);
        }
    }
}
