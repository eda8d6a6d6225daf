//! Blocking for threads: a word-sized lock and a parking spot.
//!
//! Locks are taken by Rust code on system stacks only, never across a context switch with
//! one exception: a parking goroutine's M holds the lock of what it waits for until the
//! goroutine is off the M.

use crate::atomic::{AtomicU32, Ordering};
use crate::futex::{futex_wait, futex_wake};
use std::time::Duration;

/// How often a lock that is held is looked at before the thread sleeps, and how long it is
/// left alone in between: long enough for its holder to give it back, and to take it again
/// a few times, without the cache line going back and forth.
const ROUNDS: u32 = 4;
const PAUSES: u32 = 30;

/// A lock that fits in a zeroed word of Go memory.
///
/// States: 0 free, 1 held, 2 held and perhaps waited for.
#[derive(Default)]
#[repr(transparent)]
pub struct Lock(AtomicU32);

impl Lock {
    /// A free lock.
    pub const fn new() -> Lock {
        Lock(AtomicU32::new(0))
    }

    /// Takes the lock.
    #[inline]
    pub fn lock(&self) {
        if self
            .0
            .compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            self.lock_slow();
        }
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> bool {
        self.0
            .compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    }

    #[cold]
    fn lock_slow(&self) {
        for _ in 0..ROUNDS {
            for _ in 0..PAUSES {
                std::hint::spin_loop();
            }
            if self.0.load(Ordering::Relaxed) == 0 && self.try_lock() {
                return;
            }
        }
        while self.0.swap(2, Ordering::Acquire) != 0 {
            futex_wait(&self.0, 2, None);
        }
    }

    /// Gives the lock back.
    #[inline]
    pub fn unlock(&self) {
        if self.0.swap(0, Ordering::Release) == 2 {
            futex_wake(&self.0, 1);
        }
    }

    /// Runs `f` with the lock held.
    #[inline]
    pub fn with<R>(&self, f: impl FnOnce() -> R) -> R {
        self.lock();
        let r = f();
        self.unlock();
        r
    }
}

/// Where one thread sleeps until another wakes it; a wake-up that comes first is kept.
#[derive(Default)]
pub struct Parker(AtomicU32);

impl Parker {
    /// With no wake-up pending.
    pub const fn new() -> Parker {
        Parker(AtomicU32::new(0))
    }

    /// Sleeps until `unpark`.
    pub fn park(&self) {
        while self.0.swap(0, Ordering::Acquire) == 0 {
            futex_wait(&self.0, 0, None);
        }
    }

    /// Sleeps until `unpark` or for `timeout`; false after the latter.
    pub fn park_timeout(&self, timeout: Duration) -> bool {
        if self.0.swap(0, Ordering::Acquire) != 0 {
            return true;
        }
        futex_wait(&self.0, 0, Some(timeout));
        self.0.swap(0, Ordering::Acquire) != 0
    }

    /// Lets the thread go on.
    pub fn unpark(&self) {
        self.0.store(1, Ordering::Release);
        futex_wake(&self.0, 1);
    }
}
