//! A lock that parks the goroutine, not the thread.

use super::Semaphore;
use goxide_abi::WaitReason;
use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};

/// Bit of the state: somebody holds it. Above it: how many wait.
const LOCKED: u32 = 1;
const WAITER: u32 = 2;

/// A mutual exclusion lock around a value. It is not poisoned by a panic.
///
/// Whoever comes first after an unlock gets it; a goroutine that was woken competes with
/// those that run.
pub struct Mutex<T: ?Sized> {
    state: AtomicU32,
    unlocked: Semaphore,
    value: UnsafeCell<T>,
}

// SAFETY: the lock lets one goroutine at a time reach the value.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// Unlocked.
    pub const fn new(value: T) -> Mutex<T> {
        Mutex {
            state: AtomicU32::new(0),
            unlocked: Semaphore::new(0),
            value: UnsafeCell::new(value),
        }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Locks it; waits while another goroutine holds it.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        if self.try_acquire(0) {
            return MutexGuard(self);
        }
        loop {
            // Either the lock is free and taken, or we are counted as waiting, in one step.
            let state = self.state.load(Ordering::Relaxed);
            let next = if state & LOCKED == 0 {
                state | LOCKED
            } else {
                state + WAITER
            };
            if self
                .state
                .compare_exchange_weak(state, next, Ordering::Acquire, Ordering::Relaxed)
                .is_err()
            {
                continue;
            }
            if state & LOCKED == 0 {
                return MutexGuard(self);
            }
            self.unlocked.acquire_for(WaitReason::SyncMutex);
        }
    }

    /// Locks it if nobody holds it.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let state = self.state.load(Ordering::Relaxed);
        (state & LOCKED == 0 && self.try_acquire(state)).then_some(MutexGuard(self))
    }

    /// Reaches the value without locking: no one else can.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    fn try_acquire(&self, state: u32) -> bool {
        self.state
            .compare_exchange(state, state | LOCKED, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    }

    fn release(&self) {
        let mut state = self.state.fetch_and(!LOCKED, Ordering::Release) & !LOCKED;
        // One waiter is told, unless someone has locked it since: he will tell one then.
        while state >= WAITER && state & LOCKED == 0 {
            match self.state.compare_exchange_weak(
                state,
                state - WAITER,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return self.unlocked.release(),
                Err(now) => state = now,
            }
        }
    }
}

/// The lock is held while this lives.
pub struct MutexGuard<'a, T: ?Sized>(&'a Mutex<T>);

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.0.value.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.0.release();
    }
}
