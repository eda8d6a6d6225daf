//! The queue of finalizers and cleanups whose time has come. There may be a million, behind
//! one that blocks, so no stop of the world looks at them: markers read the queue in pieces
//! while the world runs.
//!
//! While marking is on nothing is queued: what is attached to objects is settled before it
//! begins, or after it has ended. So the queue only loses what is at its front, and whoever
//! takes that records it, as it stands in no piece that is read later. The rest is found by
//! its number, which it keeps.

use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::collections::VecDeque;
use std::ops::Range;

/// A finalizer or cleanup whose time has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// The object, made reachable again; 0 for a cleanup.
    pub object: usize,
    /// The func value to call.
    pub closure: usize,
}

/// Those that wait to be run.
pub(crate) struct DueQueue {
    queue: Mutex<Numbered>,
    has_some: AtomicBool,
}

/// They are numbered in the order in which they came.
#[derive(Default)]
struct Numbered {
    /// The number of the first.
    first: u64,
    due: VecDeque<Due>,
}

impl Default for DueQueue {
    fn default() -> Self {
        Self {
            queue: Mutex::new(Numbered::default()),
            has_some: AtomicBool::new(false),
        }
    }
}

impl DueQueue {
    /// Whether there is any: a hint while others add or take some.
    #[inline]
    pub(crate) fn has_some(&self) -> bool {
        self.has_some.load(Relaxed)
    }

    /// Adds these.
    pub(crate) fn add(&self, due: Vec<Due>) {
        let mut queue = self.queue.lock();
        queue.due.extend(due);
        self.has_some.store(!queue.due.is_empty(), Relaxed);
    }

    /// Takes the first.
    pub(crate) fn take(&self) -> Option<Due> {
        let mut queue = self.queue.lock();
        let due = queue.due.pop_front()?;
        queue.first += 1;
        self.has_some.store(!queue.due.is_empty(), Relaxed);
        Some(due)
    }

    /// The numbers of all.
    pub(crate) fn numbers(&self) -> Range<u64> {
        let queue = self.queue.lock();
        queue.first..queue.first + queue.due.len() as u64
    }

    /// The pointers in those with these numbers that nobody has taken.
    pub(crate) fn words(&self, numbers: Range<u64>) -> Vec<usize> {
        let queue = self.queue.lock();
        let place = |number: u64| {
            let place = number.saturating_sub(queue.first) as usize;
            place.min(queue.due.len())
        };
        let due = queue.due.range(place(numbers.start)..place(numbers.end));
        due.flat_map(|due| [due.object, due.closure]).collect()
    }
}
