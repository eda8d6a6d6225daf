//! The words of a timer that are the runtime's own; the table is in the module above.

use crate::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
use crate::sync::Lock;
use goxide_abi::Timer;

/// Views of the private words.
pub struct State {
    /// Guards what the table says.
    pub lock: &'static Lock,
    /// Grows when what has become due is withdrawn.
    pub generation: &'static AtomicU32,
    /// Its [`super::heap::Entry::place`]; 0: it has none.
    pub place: &'static AtomicUsize,
    /// The time in that entry.
    pub key_ns: &'static AtomicI64,
    /// How often its Go function runs at the moment.
    pub running: &'static AtomicU32,
    /// 1 from being due until its function runs.
    pub pending: &'static AtomicU32,
}

impl State {
    /// Whether it became due and its function has not run, or runs.
    pub fn is_under_way(&self) -> bool {
        self.pending.load(Ordering::SeqCst) != 0 || self.running.load(Ordering::SeqCst) != 0
    }
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
            place: &*words.add(1).cast::<AtomicUsize>(),
            key_ns: &*words.add(2).cast::<AtomicI64>(),
            running: &*words.add(4).cast::<AtomicU32>(),
            pending: &*words.add(4).cast::<AtomicU32>().add(1),
        }
    }
}
