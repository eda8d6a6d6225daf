//! Bubbles of `testing/synctest`: how many of their goroutines can still do something.
//!
//! See [`goxide_abi::Bubble`] for what is counted. The Go half owns the bubbles; a G names
//! its own in `locals[1]`.

use super::g::G;
use goxide_abi::Bubble;
use std::sync::atomic::Ordering;

/// Index in `GContext::locals`.
const LOCAL: usize = 1;

/// Address of the goroutine's bubble, 0 for none.
///
/// # Safety
/// The goroutine is the caller's.
#[inline]
pub unsafe fn of(g: *const G) -> usize {
    // SAFETY: see above.
    unsafe { (*g).context.locals[LOCAL] }
}

unsafe fn bubble(address: usize) -> &'static Bubble {
    // SAFETY: the goroutine that is counted keeps its bubble alive.
    unsafe { &*(address as *const Bubble) }
}

/// The number of the goroutine's bubble.
///
/// # Safety
/// As for [`of`].
pub unsafe fn number(g: *const G) -> Option<u64> {
    // SAFETY: see above.
    unsafe {
        let b = of(g);
        (b != 0).then(|| bubble(b).id)
    }
}

/// A goroutine that was just made is in its parent's bubble.
///
/// # Safety
/// As for [`of`].
pub unsafe fn enter(g: *const G) {
    // SAFETY: see above.
    unsafe {
        let b = of(g);
        if b != 0 {
            bubble(b).busy.fetch_add(1, Ordering::SeqCst);
            bubble(b).total.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// A goroutine has ended.
///
/// # Safety
/// As for [`of`]; on an M with a P.
pub unsafe fn exit(g: *const G) {
    // SAFETY: see above.
    unsafe {
        let b = of(g);
        if b != 0 {
            bubble(b).total.fetch_sub(1, Ordering::SeqCst);
            less_busy(b);
        }
    }
}

/// One goroutine of this bubble fewer can do something by itself.
///
/// # Safety
/// A bubble's address; on an M with a P.
pub unsafe fn less_busy(b: usize) {
    // SAFETY: see above.
    unsafe {
        if bubble(b).busy.fetch_sub(1, Ordering::SeqCst) == 1 {
            crate::sema::release(bubble(b).wake.as_ptr() as usize, false);
        }
    }
}

/// A goroutine in a durable wait is woken.
///
/// # Safety
/// As for [`of`].
pub unsafe fn leave_wait(g: *mut G) {
    // SAFETY: see above.
    unsafe {
        if (*g).durable {
            (*g).durable = false;
            bubble(of(g)).busy.fetch_add(1, Ordering::SeqCst);
        }
    }
}
