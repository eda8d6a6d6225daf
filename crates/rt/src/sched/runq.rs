//! A P's queue of runnable goroutines: a ring with one producer, the owner, and many
//! consumers, and before it a slot for the goroutine that should run next.
//!
//! `head` is moved by a compare-and-swap of whoever takes; `tail` by the owner alone. A
//! thief copies entries first and then claims them by moving `head`: if that fails, what
//! it copied is worth nothing.

use super::g::{G, RUN_QUEUE_CAPACITY as CAPACITY};
use crate::atomic::{AtomicPtr, AtomicU32, Ordering};
use std::ptr;

/// The queue.
pub struct RunQueue {
    head: AtomicU32,
    tail: AtomicU32,
    ring: [AtomicPtr<G>; CAPACITY as usize],
    next: AtomicPtr<G>,
}

impl RunQueue {
    /// Empty.
    pub fn new() -> RunQueue {
        RunQueue {
            head: AtomicU32::new(0),
            tail: AtomicU32::new(0),
            ring: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            next: AtomicPtr::new(ptr::null_mut()),
        }
    }

    fn slot(&self, i: u32) -> &AtomicPtr<G> {
        &self.ring[(i % CAPACITY) as usize]
    }

    /// Whether nothing is in it. Not a snapshot, but no goroutine that stays in it is missed.
    pub fn is_empty(&self) -> bool {
        loop {
            let head = self.head.load(Ordering::Acquire);
            let tail = self.tail.load(Ordering::Acquire);
            let next = self.next.load(Ordering::Acquire);
            if tail == self.tail.load(Ordering::Acquire) {
                return head == tail && next.is_null();
            }
        }
    }

    /// Owner: makes `g` the next to run; gives back whom it displaced, or null.
    #[must_use]
    pub fn set_next(&self, g: *mut G) -> *mut G {
        self.next.swap(g, Ordering::AcqRel)
    }

    /// Owner: adds at the end. If full, gives half of the queue and `g` to `overflow`.
    pub fn push(&self, g: *mut G, overflow: impl FnOnce(&mut dyn Iterator<Item = *mut G>)) {
        loop {
            let head = self.head.load(Ordering::Acquire);
            let tail = self.tail.load(Ordering::Relaxed);
            if tail.wrapping_sub(head) < CAPACITY {
                self.slot(tail).store(g, Ordering::Relaxed);
                self.tail.store(tail.wrapping_add(1), Ordering::Release);
                return;
            }
            let half = CAPACITY / 2;
            let mut batch = [ptr::null_mut(); CAPACITY as usize / 2];
            for i in 0..half {
                batch[i as usize] = self.slot(head.wrapping_add(i)).load(Ordering::Relaxed);
            }
            if self.claim(head, half) {
                overflow(&mut batch.into_iter().chain(std::iter::once(g)));
                return;
            }
        }
    }

    fn claim(&self, head: u32, n: u32) -> bool {
        let to = head.wrapping_add(n);
        self.head
            .compare_exchange(head, to, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    /// Owner: takes the next goroutine, or null; true if it came from the slot and so
    /// inherits the time slice.
    pub fn pop(&self) -> (*mut G, bool) {
        let next = self.next.load(Ordering::Relaxed);
        if !next.is_null() {
            let taken = self.next.swap(ptr::null_mut(), Ordering::AcqRel);
            if !taken.is_null() {
                return (taken, true);
            }
        }
        loop {
            let head = self.head.load(Ordering::Acquire);
            if head == self.tail.load(Ordering::Relaxed) {
                return (ptr::null_mut(), false);
            }
            let g = self.slot(head).load(Ordering::Relaxed);
            if self.claim(head, 1) {
                return (g, false);
            }
        }
    }

    /// Thief, owner of `to`: takes half of this queue; one is returned, the rest goes to
    /// `to`. The next slot is taken only if `slot_too`, when there is nothing else.
    pub fn steal(&self, to: &RunQueue, slot_too: bool) -> *mut G {
        loop {
            let head = self.head.load(Ordering::Acquire);
            let tail = self.tail.load(Ordering::Acquire);
            let len = tail.wrapping_sub(head);
            if len == 0 {
                if slot_too {
                    return self.next.swap(ptr::null_mut(), Ordering::AcqRel);
                }
                return ptr::null_mut();
            }
            let n = len - len / 2;
            if n > CAPACITY / 2 {
                continue; // head and tail were not read at the same time
            }
            let start = to.tail.load(Ordering::Relaxed);
            for i in 0..n {
                let g = self.slot(head.wrapping_add(i)).load(Ordering::Relaxed);
                to.slot(start.wrapping_add(i)).store(g, Ordering::Relaxed);
            }
            if self.claim(head, n) {
                let last = start.wrapping_add(n - 1);
                let g = to.slot(last).load(Ordering::Relaxed);
                to.tail.store(last, Ordering::Release);
                return g;
            }
        }
    }

    /// What is in the next slot, or null.
    pub fn peek_next(&self) -> *mut G {
        self.next.load(Ordering::Acquire)
    }

    /// What will probably be taken next, or anything else: a hint, not to be looked into.
    pub fn hint(&self) -> *mut G {
        self.slot(self.head.load(Ordering::Relaxed))
            .load(Ordering::Relaxed)
    }

    /// Everything in it, with the world stopped: each G once.
    pub fn drain(&self) -> Vec<*mut G> {
        let mut all = Vec::new();
        loop {
            let (g, _) = self.pop();
            if g.is_null() {
                return all;
            }
            all.push(g);
        }
    }

    /// Length, roughly.
    pub fn len(&self) -> usize {
        let ring = self
            .tail
            .load(Ordering::Relaxed)
            .wrapping_sub(self.head.load(Ordering::Relaxed));
        ring as usize + usize::from(!self.next.load(Ordering::Relaxed).is_null())
    }
}

impl Default for RunQueue {
    fn default() -> Self {
        Self::new()
    }
}
