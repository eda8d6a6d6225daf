//! Memory of stack segments that nobody uses goes back to the system: after a collection, in
//! small steps while the world runs, between goroutines. That of goroutines that have ended
//! does so later, see [`burial`].

use crate::sched::{SCHED, burial};
use crate::time::nanotime;
use std::sync::atomic::{AtomicBool, Ordering};

/// How long a step goes on with small ones, ...
const STEP_NS: i64 = 200_000;
/// ... each of so many cached segments.
const SEGMENTS: usize = 8;

/// A collection has ended, which nobody has looked at.
static ENDED: AtomicBool = AtomicBool::new(false);
/// There may be something to do.
static DUE: AtomicBool = AtomicBool::new(false);

/// What was unused since the last collection may be given back. In a stop of the world. With
/// `haste` burials are as frequent as can be.
pub fn collection_ends(haste: bool) {
    burial::collection_ends(haste);
    ENDED.store(true, Ordering::SeqCst);
    DUE.store(true, Ordering::SeqCst);
}

/// Whether there may be something to do, now or soon.
pub fn are_pending() -> bool {
    DUE.load(Ordering::Relaxed) || burial::is_pending()
}

/// Whether there may be something to do now.
pub fn is_due() -> bool {
    DUE.load(Ordering::Relaxed) || burial::is_due()
}

/// Does a part of it; false if there is no more.
#[inline]
pub fn step() -> bool {
    DUE.load(Ordering::Relaxed) && step_due()
}

#[cold]
fn step_due() -> bool {
    let until = nanotime() + STEP_NS;
    DUE.store(false, Ordering::SeqCst);
    if ENDED.swap(false, Ordering::SeqCst) {
        goxide_fiber::note_unused(false);
    }
    while goxide_fiber::free_some_discarded() || goxide_fiber::trim_cache(SEGMENTS) {
        if SCHED.stopping.load(Ordering::Relaxed) || nanotime() > until {
            DUE.store(true, Ordering::SeqCst);
            return true;
        }
    }
    false
}

/// Gives back all that is free.
///
/// # Safety
/// On an M with a P.
pub unsafe fn free_all() {
    // SAFETY: see above.
    unsafe { burial::hurry() };
    while goxide_fiber::free_some_discarded() {}
    goxide_fiber::note_unused(true);
    while goxide_fiber::trim_cache(SEGMENTS) {}
}
