//! Work that workers share, and how they find out that none is left.
//!
//! A worker is *idle* from the moment it found the queue empty under the lock until it takes
//! work again. While somebody is not idle, more work may come: from that worker, or from
//! mutators that mark concurrently. When the last worker would become idle the queue is
//! *closed*: it is empty and stays so, and marking is done.

use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use crate::sync::{Mutex, wait_a_little};

/// Work given away.
pub(crate) enum Work {
    /// Grey objects.
    Grey(Vec<u64>),
    /// Pointers.
    Words(Vec<usize>),
    /// Part of a large object: address of its first element, bytes, type.
    Part(usize, usize, usize),
}

/// See the module's documentation.
pub(crate) struct Queue {
    state: Mutex<State>,
    /// Copies of what `state` says, for a look without the lock.
    length: AtomicUsize,
    idle: AtomicUsize,
    closed: AtomicBool,
}

struct State {
    work: Vec<Work>,
    workers: usize,
    idle: usize,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(workers: usize) -> Self {
        let state = State {
            work: vec![],
            workers,
            idle: 0,
            closed: false,
        };
        Self {
            state: Mutex::new(state),
            length: AtomicUsize::new(0),
            idle: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// True if somebody waits and nothing is there for them.
    #[inline]
    pub(crate) fn is_hungry(&self) -> bool {
        self.idle.load(SeqCst) > 0 && self.is_empty()
    }

    /// True if there is nothing that anybody could take.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.length.load(SeqCst) == 0
    }

    /// Adds work; gives it back if the queue is closed.
    pub(crate) fn push(&self, work: Work) -> Result<(), Work> {
        self.change(|state| {
            if state.closed {
                return Err(work);
            }
            state.work.push(work);
            Ok(())
        })
    }

    /// One more worker; false if the queue is closed.
    pub(crate) fn join(&self) -> bool {
        self.change(|state| {
            state.workers += !state.closed as usize;
            !state.closed
        })
    }

    /// One worker less, which leaves nothing behind; true if that closes the queue.
    pub(crate) fn leave(&self) -> bool {
        self.change(|state| {
            state.workers -= 1;
            let was_closed = state.closed;
            state.closed |= state.work.is_empty() && state.idle == state.workers;
            state.closed && !was_closed
        })
    }

    /// Takes work, if there is some.
    pub(crate) fn try_take(&self) -> Option<Work> {
        if self.length.load(SeqCst) == 0 {
            return None;
        }
        self.change(|state| state.work.pop())
    }

    /// Takes work; waits while others may still add some. `None`: all is done.
    pub(crate) fn take(&self) -> Option<Work> {
        let work = self.change(|state| {
            let work = state.work.pop();
            state.idle += work.is_none() as usize;
            state.closed |= state.idle == state.workers;
            work
        });
        if work.is_some() {
            return work;
        }
        loop {
            if self.closed.load(SeqCst) {
                return None;
            }
            if self.length.load(SeqCst) > 0 {
                let work = self.change(|state| {
                    let work = state.work.pop();
                    state.idle -= work.is_some() as usize;
                    work
                });
                if work.is_some() {
                    return work;
                }
            }
            wait_a_little();
        }
    }

    fn change<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        let result = f(&mut state);
        self.length.store(state.work.len(), SeqCst);
        self.idle.store(state.idle, SeqCst);
        self.closed.store(state.closed, SeqCst);
        result
    }
}
