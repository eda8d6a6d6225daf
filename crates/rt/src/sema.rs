//! Semaphores on words of Go memory: what `sync.Mutex` and its like sleep on.
//!
//! The word counts free units. Waiters are kept in a table hashed by its address. A release
//! adds a unit and, if somebody waits, takes it back out in the name of the first waiter:
//! a goroutine that is woken owns its unit and need not compete for it.

use crate::atomic::{AtomicU32, AtomicUsize, Ordering};
use crate::chan::{Sudog, WaitQueue};
use crate::metrics::LOCK_WAIT_NS;
use crate::profile::waits;
use crate::sched::g::G;
use crate::sched::m::{Leave, current_g};
use crate::sched::park::{park, ready, set_durable, unlock_commit, yield_to};
use crate::sync::Lock;
use crate::time::nanotime;
use goxide_abi::WaitReason;
use std::cell::UnsafeCell;

const ROOTS: usize = 1021;

struct Root {
    lock: Lock,
    waiting: AtomicUsize,
    /// One queue for each address somebody waits on.
    queues: UnsafeCell<Vec<(usize, WaitQueue)>>,
}

// SAFETY: `queues` is reached under `lock`.
unsafe impl Sync for Root {}

static TABLE: [Root; ROOTS] = [const {
    Root {
        lock: Lock::new(),
        waiting: AtomicUsize::new(0),
        queues: UnsafeCell::new(Vec::new()),
    }
}; ROOTS];

fn root(address: usize) -> &'static Root {
    &TABLE[(address >> 3) % ROOTS]
}

fn try_acquire(word: &AtomicU32) -> bool {
    let mut n = word.load(Ordering::Acquire);
    while n > 0 {
        match word.compare_exchange_weak(n, n - 1, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return true,
            Err(now) => n = now,
        }
    }
    false
}

impl Root {
    /// # Safety
    /// The lock is held.
    #[allow(
        clippy::mut_from_ref,
        reason = "the caller promises that there is one only"
    )]
    unsafe fn queues(&self) -> &mut Vec<(usize, WaitQueue)> {
        // SAFETY: see above.
        unsafe { &mut *self.queues.get() }
    }

    /// Adds a waiter.
    unsafe fn push(&self, address: usize, s: *mut Sudog, first: bool) {
        // SAFETY: the lock is held.
        unsafe {
            let queues = self.queues();
            let i = queues
                .iter()
                .position(|q| q.0 == address)
                .unwrap_or_else(|| {
                    queues.push((address, WaitQueue::new()));
                    queues.len() - 1
                });
            if first {
                queues[i].1.push_front(s)
            } else {
                queues[i].1.push(s)
            }
        }
    }

    /// Takes the first waiter for a unit that is free, or null.
    unsafe fn pop(&self, address: usize, word: &AtomicU32) -> *mut Sudog {
        // SAFETY: the lock is held.
        unsafe {
            let queues = self.queues();
            let Some(i) = queues.iter().position(|q| q.0 == address) else {
                return std::ptr::null_mut();
            };
            if !try_acquire(word) {
                return std::ptr::null_mut();
            }
            let s = queues[i].1.pop();
            if queues[i].1.is_empty() {
                queues.swap_remove(i);
            }
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            s
        }
    }

    /// How long `woken` has waited, and those that go on waiting, whom the next release is
    /// not to be charged with again.
    #[cold]
    unsafe fn waited_ns(&self, address: usize, woken: *mut Sudog) -> i64 {
        let now = nanotime();
        // SAFETY: the lock is held.
        unsafe {
            let mut sum = now - (*woken).since_ns;
            let queue = self.queues().iter().find(|q| q.0 == address);
            for s in queue.into_iter().flat_map(|q| q.1.iter()) {
                if (*s).since_ns != 0 {
                    sum += now - (*s).since_ns;
                    (*s).since_ns = now;
                }
            }
            sum.max(1)
        }
    }
}

/// Takes a unit; parks until there is one.
///
/// # Safety
/// `address` is that of a live semaphore.
pub unsafe fn acquire(address: usize, first: bool, durable: bool, reason: WaitReason) {
    // SAFETY: see above.
    unsafe {
        let word = &*(address as *const AtomicU32);
        if try_acquire(word) {
            return;
        }
        let root = root(address);
        root.lock.lock();
        root.waiting.fetch_add(1, Ordering::SeqCst);
        if try_acquire(word) {
            root.waiting.fetch_sub(1, Ordering::SeqCst);
            root.lock.unlock();
            return;
        }
        let g = current_g();
        let s = &raw mut (*g).sudog;
        (*s).set(g, address, std::ptr::null_mut(), -1);
        (*s).lock_ns = if waits::is_lock(reason) {
            nanotime()
        } else {
            0
        };
        (*s).since_ns = waits::lock_wait_begins(reason, (*s).lock_ns);
        root.push(address, s, first);
        set_durable(durable);
        park(reason, Some(unlock_commit), (&raw const root.lock) as usize);
    }
}

/// Gives back a unit. If `hand_off`, the waiter that gets it runs at once.
///
/// # Safety
/// As for [`acquire`].
pub unsafe fn release(address: usize, hand_off: bool) {
    // SAFETY: see above.
    unsafe {
        let word = &*(address as *const AtomicU32);
        let root = root(address);
        word.fetch_add(1, Ordering::SeqCst);
        if root.waiting.load(Ordering::SeqCst) == 0 {
            return;
        }
        root.lock.lock();
        let s = root.pop(address, word);
        let waited_ns = if s.is_null() || (*s).since_ns == 0 {
            0
        } else {
            root.waited_ns(address, s)
        };
        root.lock.unlock();
        if s.is_null() {
            return;
        }
        if waited_ns != 0 {
            waits::contended(waited_ns);
        }
        if (*s).lock_ns != 0 {
            let waited_ns = (nanotime() - (*s).lock_ns).max(0) as u64;
            LOCK_WAIT_NS.fetch_add(waited_ns, Ordering::Relaxed);
        }
        let g: *mut G = (*s).g;
        ready(g);
        if hand_off && !crate::sched::idle::pinned() {
            yield_to(Leave::YieldLocal);
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_semacquire(address: usize, flags: usize, reason: usize) {
    // SAFETY: Go passes the address of a semaphore.
    unsafe {
        acquire(
            address,
            flags & 1 != 0,
            flags & 2 != 0,
            WaitReason::from_number(reason),
        )
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_semrelease(address: usize, hand_off: usize) {
    // SAFETY: as above.
    unsafe { release(address, hand_off & 1 != 0) }
}
