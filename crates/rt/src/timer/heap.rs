//! A P's heap of timers: a four-ary heap ordered by time, then by insertion.

use super::fire;
use super::words::state;
use crate::atomic::{AtomicI64, Ordering};
use crate::choice::{self, Choice};
use crate::sync::Lock;
use crate::time;
use goxide_abi::Timer;
use std::cell::UnsafeCell;

const ARITY: usize = 4;

#[derive(Clone, Copy)]
struct Entry {
    when_ns: i64,
    order: u64,
    /// The timer's address. The collector looks at these words and so keeps timers alive;
    /// the address of one with a channel is inverted: if nothing else leads to the timer or
    /// its channel, nobody can tell whether it fires.
    timer: usize,
}

impl Entry {
    /// # Safety
    /// The timer is live.
    unsafe fn new(timer: *mut Timer, when_ns: i64, order: u64) -> Entry {
        // SAFETY: promised by the caller.
        let weak = unsafe { (*timer).channel } != 0;
        let address = timer as usize;
        Entry {
            when_ns,
            order,
            timer: if weak { !address } else { address },
        }
    }

    fn is_weak(&self) -> bool {
        self.timer >> 63 == 1
    }

    fn timer(&self) -> *mut Timer {
        let address = if self.is_weak() {
            !self.timer
        } else {
            self.timer
        };
        address as *mut Timer
    }

    fn key(&self) -> (i64, u64) {
        (self.when_ns, self.order)
    }
}

#[derive(Default)]
pub(super) struct Heap {
    entries: Vec<Entry>,
    inserted: u64,
}

/// The timers of a P. Any M may touch them.
#[derive(Default)]
pub struct Timers {
    lock: Lock,
    next_ns: AtomicI64,
    heap: UnsafeCell<Heap>,
}

// SAFETY: the heap is reached under the lock only.
unsafe impl Sync for Timers {}
// SAFETY: as above.
unsafe impl Send for Timers {}

impl Timers {
    /// None.
    pub fn new() -> Timers {
        Timers::default()
    }

    /// When the first is due; 0: there is none.
    #[inline]
    pub fn next_ns(&self) -> i64 {
        self.next_ns.load(Ordering::SeqCst)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.with(|heap| heap.entries.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.next_ns() == 0
    }

    pub(super) fn with<R>(&self, f: impl FnOnce(&mut Heap) -> R) -> R {
        self.lock.lock();
        // SAFETY: the lock is held.
        let heap = unsafe { &mut *self.heap.get() };
        let r = f(heap);
        let next = heap.entries.first().map_or(0, |e| e.when_ns);
        self.next_ns.store(next, Ordering::SeqCst);
        self.lock.unlock();
        r
    }

    /// Adds a timer; true if it is now the first.
    ///
    /// # Safety
    /// It is in no heap and stays alive while it is in this one, which is that of P `p`.
    pub unsafe fn insert(&self, timer: *mut Timer, p: usize) -> bool {
        self.with(|heap| {
            // SAFETY: see above.
            unsafe { heap.add(timer, p) };
            std::ptr::eq(heap.entries[0].timer(), timer)
        })
    }

    /// Removes a timer; false if it is no longer in this heap.
    ///
    /// # Safety
    /// It is live.
    pub unsafe fn remove(&self, timer: *mut Timer, p: usize) -> bool {
        self.with(|heap| {
            // SAFETY: see above.
            unsafe {
                let words = state(timer);
                if words.heap.load(Ordering::SeqCst) != p + 1 {
                    return false;
                }
                heap.remove(words.index.load(Ordering::Relaxed));
            }
            true
        })
    }

    /// Runs what is due; true if there was something. On an M with a P.
    #[inline]
    pub fn run_due(&self) -> bool {
        let next = self.next_ns();
        next != 0 && self.run_due_slow()
    }

    fn run_due_slow(&self) -> bool {
        let now = time::nanotime();
        let mut ran = false;
        while self.next_ns() != 0 && self.next_ns() <= now {
            let due = self.with(|heap| heap.take_due(now));
            let Some(due) = due else { break };
            ran = true;
            // SAFETY: a timer that is due calls what it was made for.
            unsafe { fire::fire(due, now) };
        }
        ran
    }

    /// Takes all timers of another P, which is going out of use.
    pub fn absorb(&self, other: &Timers) {
        let entries = other.with(|heap| std::mem::take(&mut heap.entries));
        self.with(|heap| {
            for e in entries {
                // SAFETY: it was alive in the other heap; the first P takes it.
                unsafe { heap.add(e.timer(), 0) };
            }
        });
    }

    /// Drops the timers that nothing leads to, with the world stopped.
    pub fn drop_dead(&self, is_marked: &dyn Fn(usize) -> bool) {
        self.with(|heap| {
            // From the end: what takes an entry's place has been looked at.
            for i in (0..heap.entries.len()).rev() {
                let e = heap.entries[i];
                if e.is_weak() && !is_marked(e.timer() as usize) {
                    // SAFETY: what is not marked is not freed before the world runs.
                    unsafe { heap.remove(i) };
                }
            }
        });
    }

    /// The words that keep timers alive: the heap's own memory.
    pub fn root_range(&self) -> (usize, usize) {
        self.with(|heap| {
            let start = heap.entries.as_ptr() as usize;
            (start, start + heap.entries.len() * size_of::<Entry>())
        })
    }
}

impl Heap {
    /// Place of a timer among those of the same time: after those inserted before, unless
    /// it is chosen otherwise.
    fn next_order(&mut self) -> u64 {
        self.inserted += 1;
        u64::from(choice::pick(Choice::TimerTie, 1 << 24)) << 40 | self.inserted & ((1 << 40) - 1)
    }

    unsafe fn add(&mut self, timer: *mut Timer, p: usize) {
        // SAFETY: the caller's timer.
        unsafe {
            state(timer).heap.store(p + 1, Ordering::SeqCst);
            let when_ns = (*timer).when_ns;
            let order = self.next_order();
            self.entries.push(Entry::new(timer, when_ns, order));
            self.up(self.entries.len() - 1);
        }
    }

    unsafe fn put(&mut self, i: usize, e: Entry) {
        self.entries[i] = e;
        // SAFETY: timers in the heap are alive.
        unsafe { state(e.timer()).index.store(i, Ordering::Relaxed) };
    }

    unsafe fn up(&mut self, mut i: usize) {
        let e = self.entries[i];
        // SAFETY: as in `put`.
        unsafe {
            while i > 0 {
                let parent = (i - 1) / ARITY;
                if self.entries[parent].key() <= e.key() {
                    break;
                }
                self.put(i, self.entries[parent]);
                i = parent;
            }
            self.put(i, e);
        }
    }

    unsafe fn down(&mut self, mut i: usize) {
        let e = self.entries[i];
        // SAFETY: as in `put`.
        unsafe {
            loop {
                let first = i * ARITY + 1;
                let children = first..(first + ARITY).min(self.entries.len());
                let Some(least) = children.min_by_key(|&c| self.entries[c].key()) else {
                    break;
                };
                if self.entries[least].key() >= e.key() {
                    break;
                }
                self.put(i, self.entries[least]);
                i = least;
            }
            self.put(i, e);
        }
    }

    unsafe fn remove(&mut self, i: usize) -> *mut Timer {
        let timer = self.entries[i].timer();
        // SAFETY: as in `put`.
        unsafe {
            state(timer).heap.store(0, Ordering::SeqCst);
            let last = self.entries.pop().unwrap();
            if i < self.entries.len() {
                self.put(i, last);
                self.down(i);
                self.up(i);
            }
        }
        timer
    }

    /// The first timer if it is due: leaves the heap, or moves to its next time.
    pub(super) fn take_due(&mut self, now: i64) -> Option<fire::Due> {
        let first = *self.entries.first()?;
        if first.when_ns > now {
            return None;
        }
        // SAFETY: timers in the heap are alive, and their fields are ours under the lock.
        unsafe {
            let timer = first.timer();
            let due = fire::Due::new(timer);
            let period = (*timer).period_ns;
            if period > 0 {
                let missed = (now - first.when_ns) / period;
                (*timer).when_ns = first.when_ns.saturating_add(period * (missed + 1));
                self.entries[0].when_ns = (*timer).when_ns;
                self.entries[0].order = self.next_order();
                self.down(0);
            } else {
                self.remove(0);
            }
            Some(due)
        }
    }
}
