//! The words of a timer that are the runtime's own; the table is in the module above.

use crate::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
use crate::sync::Lock;
use goxide_abi::Timer;

/// Views of the private words.
pub struct State {
    /// Guards what the table says.
    pub lock: &'static Lock,
    /// 1 while a goroutine waits for its channel.
    pub wanted: &'static AtomicU32,
    /// Its [`super::heap::Entry::place`]; 0: it has none.
    pub place: &'static AtomicUsize,
    /// The time in that entry.
    pub key_ns: &'static AtomicI64,
}

/// The words of a timer.
///
/// # Safety
/// The timer is live as long as the view is used.
pub unsafe fn state(t: *mut Timer) -> State {
    // SAFETY: see above; the words are ours alone.
    unsafe {
        let words = (&raw mut (*t).private).cast::<usize>();
        State {
            lock: &*words.cast::<Lock>(),
            wanted: &*words.cast::<AtomicU32>().add(1),
            place: &*words.add(1).cast::<AtomicUsize>(),
            key_ns: &*words.add(2).cast::<AtomicI64>(),
        }
    }
}

/// Whether it belongs into a heap: it is going to fire, and its channel, if it has one, is
/// waited for.
///
/// # Safety
/// The timer is live, and locked; without its lock the answer may be out of date.
#[inline]
pub unsafe fn is_active(t: *const Timer, s: &State) -> bool {
    // SAFETY: see above. Volatile for those who look without the lock.
    unsafe {
        (&raw const (*t).when_ns).read_volatile() != 0
            && ((*t).channel == 0 || s.wanted.load(Ordering::Relaxed) != 0)
    }
}
