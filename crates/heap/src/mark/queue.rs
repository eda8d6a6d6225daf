//! Work that workers share, and how they find out that none is left.
//!
//! A worker is *idle* from the moment it found the queue empty under the lock until it takes
//! work again. Only workers that are not idle add work. So when all are idle the queue is
//! empty and stays so: marking is done.

use crate::sync::Mutex;
use crate::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// Work given away.
pub(crate) enum Work {
    /// Grey objects.
    Grey(Vec<u64>),
    /// Part of a large object: address of its first element, bytes, type.
    Part(usize, usize, usize),
}

/// See the module's documentation.
pub(crate) struct Queue {
    work: Mutex<Vec<Work>>,
    /// Length of `work`, for a look without the lock.
    length: AtomicUsize,
    idle: AtomicUsize,
    workers: usize,
}

impl Queue {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            work: Mutex::default(),
            length: AtomicUsize::new(0),
            idle: AtomicUsize::new(0),
            workers,
        }
    }

    /// True if somebody waits and nothing is there for them.
    #[inline]
    pub(crate) fn is_hungry(&self) -> bool {
        self.idle.load(SeqCst) > 0 && self.length.load(SeqCst) == 0
    }

    /// Gives work away. Not for idle workers.
    pub(crate) fn push(&self, work: Work) {
        let mut queue = self.work.lock();
        queue.push(work);
        self.length.store(queue.len(), SeqCst);
    }

    /// Takes work; waits while others may still add some. `None`: all is done.
    pub(crate) fn take(&self) -> Option<Work> {
        if let Some(work) = self.try_take(false) {
            return Some(work);
        }
        loop {
            if self.length.load(SeqCst) > 0
                && let Some(work) = self.try_take(true)
            {
                return Some(work);
            }
            if self.idle.load(SeqCst) == self.workers {
                return None;
            }
            wait_a_little();
        }
    }

    /// Changes between idle and not idle under the lock, with what is found there.
    fn try_take(&self, idle: bool) -> Option<Work> {
        let mut queue = self.work.lock();
        let work = queue.pop();
        self.length.store(queue.len(), SeqCst);
        match (idle, work.is_some()) {
            (true, true) => _ = self.idle.fetch_sub(1, SeqCst),
            (false, false) => _ = self.idle.fetch_add(1, SeqCst),
            _ => {}
        }
        work
    }
}

fn wait_a_little() {
    for _ in 0..32 {
        std::hint::spin_loop();
    }
    std::thread::yield_now();
}
