//! A timer's words: the model's atomics do not fit into the timer, so its first private word
//! points to them.

use crate::atomic::{AtomicU32, AtomicUsize};
use crate::sync::Lock;
use goxide_abi::Timer;

pub struct State {
    pub lock: &'static Lock,
    pub generation: &'static AtomicU32,
    pub heap: &'static AtomicUsize,
    pub index: &'static AtomicUsize,
    pub running: &'static AtomicU32,
    pub pending: &'static AtomicU32,
}

struct Words {
    lock: Lock,
    generation: AtomicU32,
    heap: AtomicUsize,
    index: AtomicUsize,
    running: AtomicU32,
    pending: AtomicU32,
}

/// Gives a new timer its words.
pub fn attach(t: &mut Timer) {
    let words = Box::leak(Box::new(Words {
        lock: Lock::new(),
        generation: AtomicU32::new(0),
        heap: AtomicUsize::new(0),
        index: AtomicUsize::new(0),
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
        heap: &words.heap,
        index: &words.index,
        running: &words.running,
        pending: &words.pending,
    }
}
