//! A timer's words: the model's atomics do not fit into the timer, so its first private word
//! points to them.

use crate::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
use crate::sync::Lock;
use goxide_abi::Timer;

pub struct State {
    pub lock: &'static Lock,
    pub generation: &'static AtomicU32,
    pub place: &'static AtomicUsize,
    pub key_ns: &'static AtomicI64,
    pub running: &'static AtomicU32,
    pub pending: &'static AtomicU32,
}

impl State {
    pub fn is_under_way(&self) -> bool {
        self.pending.load(Ordering::SeqCst) != 0 || self.running.load(Ordering::SeqCst) != 0
    }
}

struct Words {
    lock: Lock,
    generation: AtomicU32,
    place: AtomicUsize,
    key_ns: AtomicI64,
    running: AtomicU32,
    pending: AtomicU32,
}

/// Gives a new timer its words.
pub fn attach(t: &mut Timer) {
    let words = Box::leak(Box::new(Words {
        lock: Lock::new(),
        generation: AtomicU32::new(0),
        place: AtomicUsize::new(0),
        key_ns: AtomicI64::new(0),
        running: AtomicU32::new(0),
        pending: AtomicU32::new(0),
    }));
    t.private[0] = words as *mut Words as usize;
}

pub unsafe fn state(t: *mut Timer) -> State {
    let words: &'static Words = &*((*t).private[0] as *const Words);
    State {
        lock: &words.lock,
        generation: &words.generation,
        place: &words.place,
        key_ns: &words.key_ns,
        running: &words.running,
        pending: &words.pending,
    }
}
