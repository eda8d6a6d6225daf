//! A timer's words: the model's atomics do not fit into the timer, so its first private word
//! points to them.

use crate::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
use crate::sync::Lock;
use goxide_abi::Timer;

pub struct State {
    pub lock: &'static Lock,
    pub wanted: &'static AtomicU32,
    pub place: &'static AtomicUsize,
    pub key_ns: &'static AtomicI64,
}

struct Words {
    lock: Lock,
    wanted: AtomicU32,
    place: AtomicUsize,
    key_ns: AtomicI64,
}

/// Gives a new timer its words.
pub fn attach(t: &mut Timer) {
    let words = Box::leak(Box::new(Words {
        lock: Lock::new(),
        wanted: AtomicU32::new(0),
        place: AtomicUsize::new(0),
        key_ns: AtomicI64::new(0),
    }));
    t.private[0] = words as *mut Words as usize;
}

pub unsafe fn state(t: *mut Timer) -> State {
    let words: &'static Words = &*((*t).private[0] as *const Words);
    State {
        lock: &words.lock,
        wanted: &words.wanted,
        place: &words.place,
        key_ns: &words.key_ns,
    }
}

pub unsafe fn is_active(t: *const Timer, s: &State) -> bool {
    (*t).when_ns != 0 && ((*t).channel == 0 || s.wanted.load(Ordering::Relaxed) != 0)
}
