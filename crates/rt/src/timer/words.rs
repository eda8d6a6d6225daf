//! The words of a timer that are the runtime's own; the table is in the module above.

use crate::atomic::{AtomicU32, AtomicUsize};
use crate::sync::Lock;
use goxide_abi::Timer;

/// Views of the private words.
pub struct State {
    /// Lock of start, stop and reset.
    pub lock: &'static Lock,
    /// Grows with each of them.
    pub generation: &'static AtomicU32,
    /// Number of the P in whose heap it is, plus 1; 0: in none.
    pub heap: &'static AtomicUsize,
    /// Its index there.
    pub index: &'static AtomicUsize,
    /// How often its Go function runs at the moment.
    pub running: &'static AtomicU32,
    /// 1 from being due until its function runs.
    pub pending: &'static AtomicU32,
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
            generation: &*words.cast::<AtomicU32>().add(1),
            heap: &*words.add(1).cast::<AtomicUsize>(),
            index: &*words.add(2).cast::<AtomicUsize>(),
            running: &*words.add(4).cast::<AtomicU32>(),
            pending: &*words.add(4).cast::<AtomicU32>().add(1),
        }
    }
}
