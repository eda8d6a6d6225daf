//! The timers of a P.
//!
//! Entries of the heap are put right late. A timer that is stopped, that nobody waits for any
//! more, or that is reset to a later time, is only changed itself; one that is reset to an
//! earlier time gets a new entry, and the old one is nobody's (the timer's word for its place
//! tells). An entry is compared with its timer when it comes to the front, and all are when
//! too many may be out of date.

use super::channel::next_time;
use super::heap::{Entry, Heap};
use super::words::{State, is_active, state};
use crate::atomic::{AtomicI64, AtomicUsize, Ordering};
use crate::choice::{self, Choice};
use crate::sync::Lock;
use crate::time;
use goxide_abi::Timer;
use std::cell::UnsafeCell;

/// So many stale entries do no harm, however few others there are.
const STALE_ENTRIES: usize = 32;

/// A timer that has become due.
pub struct Due {
    /// It. If it has a channel, nothing but its place was changed.
    pub timer: *mut Timer,
    /// When it was due.
    pub when_ns: i64,
}

/// The timers of a P. Any M may touch them.
pub struct Timers {
    lock: Lock,
    /// The P's number.
    p: usize,
    next_ns: AtomicI64,
    /// Entries of timers that do not belong into a heap, and entries that are nobody's.
    stale: AtomicUsize,
    heap: UnsafeCell<Heap>,
}

// SAFETY: the heap is reached under the lock only.
unsafe impl Sync for Timers {}
// SAFETY: as above.
unsafe impl Send for Timers {}

impl Timers {
    /// None, of the P of this number.
    pub fn new(p: usize) -> Timers {
        Timers {
            lock: Lock::new(),
            p,
            next_ns: AtomicI64::new(0),
            stale: AtomicUsize::new(0),
            heap: UnsafeCell::new(Heap::default()),
        }
    }

    /// A time before which none is due; 0: there is none.
    #[inline]
    pub fn next_ns(&self) -> i64 {
        self.next_ns.load(Ordering::SeqCst)
    }

    /// When the first is due; 0: there is none.
    pub fn settled_next_ns(&self) -> i64 {
        if self.next_ns() != 0 && self.stale.load(Ordering::Relaxed) != 0 {
            self.with(|heap| self.with_first(heap, i64::MAX, |_, _, _| ()));
        }
        self.next_ns()
    }

    /// How many entries there are, stale ones too.
    pub fn entry_count(&self) -> usize {
        self.with(|heap| heap.entries().len())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.with(|heap| heap.entries().len() - self.stale.load(Ordering::SeqCst))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.next_ns() == 0 || self.len() == 0
    }

    fn with<R>(&self, f: impl FnOnce(&mut Heap) -> R) -> R {
        self.lock.lock();
        // SAFETY: the lock is held.
        let heap = unsafe { &mut *self.heap.get() };
        let r = f(heap);
        let next = heap.first().map_or(0, |e| e.when_ns);
        if next != self.next_ns.load(Ordering::Relaxed) {
            self.next_ns.store(next, Ordering::SeqCst);
        }
        self.lock.unlock();
        r
    }

    /// One of its entries became stale, or, with `false`, is so no longer.
    pub fn note_stale(&self, stale: bool) {
        let step = if stale { 1 } else { usize::MAX };
        self.stale.fetch_add(step, Ordering::SeqCst);
    }

    /// Adds a timer that nobody else knows yet; true if it is now the first.
    ///
    /// # Safety
    /// It is live, and in no heap.
    pub unsafe fn insert_new(&self, timer: *mut Timer) -> bool {
        self.with(|heap| {
            self.sweep_if_stale(heap);
            // SAFETY: see above.
            unsafe {
                self.push(heap, timer, &state(timer));
                heap.first().is_some_and(|e| e.timer() == timer)
            }
        })
    }

    /// Adds a timer, unless it is in a heap or does not belong there by now; true if it is now
    /// the first.
    ///
    /// # Safety
    /// It is live.
    pub unsafe fn insert(&self, timer: *mut Timer) -> bool {
        self.with(|heap| {
            self.sweep_if_stale(heap);
            // SAFETY: see above.
            unsafe {
                let s = state(timer);
                s.lock.lock();
                if s.place.load(Ordering::Relaxed) == 0 && is_active(timer, &s) {
                    self.push(heap, timer, &s);
                }
                s.lock.unlock();
                heap.first().is_some_and(|e| e.timer() == timer)
            }
        })
    }

    /// Its lock is held, or nobody else knows it.
    #[inline]
    unsafe fn push(&self, heap: &mut Heap, timer: *mut Timer, s: &State) {
        // SAFETY: the caller's timer.
        let e = unsafe { self.new_entry(heap, timer, s) };
        heap.push(e);
    }

    /// A new entry for the timer, which is where it stands from now on.
    #[inline]
    unsafe fn new_entry(&self, heap: &mut Heap, timer: *mut Timer, s: &State) -> Entry {
        heap.tickets += 1;
        // After those that were inserted before, unless it is chosen otherwise.
        let tie = choice::pick(Choice::TimerTie, 1 << 24);
        // SAFETY: the caller's timer.
        let e = unsafe { Entry::new(timer, tie, heap.tickets) };
        s.place.store(e.place(self.p), Ordering::Relaxed);
        s.key_ns.store(e.when_ns, Ordering::Relaxed);
        e
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
            let Some(due) = self.take_due(now) else { break };
            ran = true;
            // SAFETY: a timer that is due calls what it was made for.
            unsafe { super::fire::fire(due, now) };
        }
        ran
    }

    /// The first timer if it is due: leaves the heap, or, without a channel, moves to its next
    /// time.
    pub fn take_due(&self, now: i64) -> Option<Due> {
        self.with(|heap| {
            self.with_first(heap, now, |heap, t, s| {
                // SAFETY: the timer is live, and locked.
                unsafe {
                    let when_ns = (*t).when_ns;
                    let has_channel = (*t).channel != 0;
                    if !has_channel {
                        (*t).when_ns = next_time(when_ns, (*t).period_ns, now);
                    }
                    if has_channel || (*t).when_ns == 0 {
                        s.place.store(0, Ordering::Relaxed);
                        heap.pop();
                    } else {
                        let e = self.new_entry(heap, t, s);
                        heap.replace_first(e);
                    }
                    Due { timer: t, when_ns }
                }
            })
        })
    }

    /// Calls `f` with the first timer, which it locks, if that may be due at `until`.
    fn with_first<R>(
        &self,
        heap: &mut Heap,
        until: i64,
        f: impl FnOnce(&mut Heap, *mut Timer, &State) -> R,
    ) -> Option<R> {
        loop {
            let first = heap.first()?;
            if first.when_ns > until {
                return None;
            }
            let t = first.timer();
            // SAFETY: a timer is live while a heap has an entry of it.
            unsafe {
                let s = state(t);
                s.lock.lock();
                match self.settle(first, &s) {
                    Some(e) if e.when_ns == first.when_ns => {
                        let r = f(heap, t, &s);
                        s.lock.unlock();
                        return Some(r);
                    }
                    Some(e) => heap.replace_first(e),
                    None => heap.pop(),
                }
                s.lock.unlock();
            }
        }
    }

    /// What an entry, whose timer is locked, should be. None: it is stale, and its timer, if
    /// it stands there, no longer stands anywhere; the caller removes it.
    ///
    /// # Safety
    /// The timer is live.
    unsafe fn settle(&self, e: Entry, s: &State) -> Option<Entry> {
        let is_place = s.place.load(Ordering::Relaxed) == e.place(self.p);
        // SAFETY: see above.
        let (active, when_ns) = unsafe { (is_active(e.timer(), s), (*e.timer()).when_ns) };
        if !is_place || !active {
            if is_place {
                s.place.store(0, Ordering::Relaxed);
            }
            self.note_stale(false);
            return None;
        }
        s.key_ns.store(when_ns, Ordering::Relaxed);
        Some(e.at(when_ns))
    }

    fn sweep_if_stale(&self, heap: &mut Heap) {
        let stale = self.stale.load(Ordering::Relaxed);
        if stale > STALE_ENTRIES && stale > heap.entries().len() / 2 {
            self.sweep(heap);
        }
    }

    /// Compares all entries with their timers.
    #[cold]
    fn sweep(&self, heap: &mut Heap) {
        heap.retain(|e| {
            // SAFETY: as in `with_first`.
            unsafe {
                let s = state(e.timer());
                s.lock.lock();
                let settled = self.settle(*e, &s);
                s.lock.unlock();
                settled.map(|new| *e = new).is_some()
            }
        });
    }

    /// Takes all timers of another P, which is going out of use.
    pub fn absorb(&self, other: &Timers) {
        let entries = other.with(Heap::take);
        self.with(|heap| {
            for e in entries {
                // SAFETY: they are as alive as they were in the other heap. Until it has its
                // new place, whoever changes a timer takes it to be in that one.
                unsafe {
                    let s = state(e.timer());
                    s.lock.lock();
                    if other.settle(e, &s).is_some() {
                        self.push(heap, e.timer(), &s);
                    }
                    s.lock.unlock();
                }
            }
        });
    }

    /// All that have an entry. (What the collector does with each must not hold up those who
    /// need the lock.)
    pub fn snapshot(&self) -> Vec<*mut Timer> {
        let mut timers = Vec::with_capacity(self.with(|heap| heap.entries().len()) + 16);
        self.with(|heap| timers.extend(heap.entries().iter().map(Entry::timer)));
        timers
    }

    /// Removes the entries of timers that nothing leads to, and whose memory is still theirs.
    pub fn drop_dead(&self, is_dead: &dyn Fn(*mut Timer) -> bool) {
        self.with(|heap| {
            heap.retain(|e| {
                let dead = is_dead(e.timer());
                if dead {
                    // SAFETY: see above; nobody else knows the timer.
                    let (s, active) = unsafe {
                        let s = state(e.timer());
                        let active = is_active(e.timer(), &s);
                        (s, active)
                    };
                    let is_place = s.place.load(Ordering::Relaxed) == e.place(self.p);
                    if !active || !is_place {
                        self.note_stale(false);
                    }
                }
                !dead
            });
        });
    }

    /// The words that keep timers alive: the heap's own memory. With the world stopped.
    pub fn root_range(&self) -> (usize, usize) {
        self.with(|heap| {
            if self.stale.load(Ordering::Relaxed) != 0 {
                // What does not belong here is garbage, unless the program still has it.
                self.sweep(heap);
            }
            let start = heap.entries().as_ptr() as usize;
            (start, start + size_of_val(heap.entries()))
        })
    }
}
