//! Counting for the bubbles of `testing/synctest` (see [`Bubble`]): how many of a bubble's
//! goroutines exist, and how many are not in a wait that only the bubble can end.

use super::g::G;
use super::wait::WaitReason;
use goxide_abi::Bubble;
use std::sync::atomic::Ordering;

/// Position in `GContext::locals`.
const LOCAL: usize = 1;

/// The bubble of a goroutine.
///
/// # Safety
/// `g` is live. The bubble lives as long as one of its goroutines does.
pub unsafe fn of<'a>(g: *mut G) -> Option<&'a Bubble> {
    // SAFETY: see above; the word is 0 or a bubble's address.
    unsafe { ((*g).context.locals[LOCAL] as *const Bubble).as_ref() }
}

/// One less is busy; the last one wakes the conductor.
///
/// # Safety
/// On an M with a P, without locks.
unsafe fn quiet(b: &Bubble) {
    if b.busy.fetch_sub(1, Ordering::SeqCst) == 1 {
        // SAFETY: see above; the semaphore is the bubble's.
        unsafe { crate::sema::release((&raw const b.wake) as usize, false) };
    }
}

/// A goroutine begins.
///
/// # Safety
/// It is the caller's and does not run yet.
pub unsafe fn begins(g: *mut G) {
    // SAFETY: see above.
    if let Some(b) = unsafe { of(g) } {
        b.total.fetch_add(1, Ordering::SeqCst);
        b.busy.fetch_add(1, Ordering::SeqCst);
    }
}

/// A goroutine has ended.
///
/// # Safety
/// It is off this M, which has a P.
pub unsafe fn ended(g: *mut G) {
    // SAFETY: see above.
    if let Some(b) = unsafe { of(g) } {
        b.total.fetch_sub(1, Ordering::SeqCst);
        // SAFETY: see above.
        unsafe { quiet(b) };
    }
}

/// A goroutine is about to wait. What this gives goes to [`waits`] once it can be woken.
///
/// # Safety
/// It is off the M and nobody can wake it yet.
pub unsafe fn will_wait<'a>(g: *mut G, reason: WaitReason) -> Option<&'a Bubble> {
    // SAFETY: see above.
    unsafe {
        let durable = std::mem::take(&mut (*g).durable)
            || matches!(
                reason,
                WaitReason::SelectNoCases
                    | WaitReason::NilSend
                    | WaitReason::NilReceive
                    | WaitReason::SyncCond
            );
        let bubble = of(g).filter(|_| durable);
        (*g).quiet = bubble.is_some();
        bubble
    }
}

/// The wait has begun; the goroutine may be running again already.
///
/// # Safety
/// On an M with a P, without locks.
pub unsafe fn waits(bubble: Option<&Bubble>) {
    if let Some(b) = bubble {
        // SAFETY: see above.
        unsafe { quiet(b) };
    }
}

/// A goroutine is being made ready.
///
/// # Safety
/// It is the caller's to wake.
pub unsafe fn woken(g: *mut G) {
    // SAFETY: see above.
    unsafe {
        if std::mem::take(&mut (*g).quiet)
            && let Some(b) = of(g)
        {
            b.busy.fetch_add(1, Ordering::SeqCst);
        }
    }
}
