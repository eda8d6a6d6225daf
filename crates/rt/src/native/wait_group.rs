//! Waiting for several goroutines.

use super::{Semaphore, go};
use goxide_abi::WaitReason;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard};

#[derive(Default)]
struct State {
    counter: u32,
    /// One for each goroutine that waits, so that the next use of the group cannot take the
    /// wake-up of this one.
    waiting: Vec<Arc<Semaphore>>,
}

/// A counter that can be waited for to reach zero; clones share it.
#[derive(Clone, Default)]
pub struct WaitGroup(Arc<Mutex<State>>);

impl WaitGroup {
    /// At zero.
    pub fn new() -> WaitGroup {
        WaitGroup::default()
    }

    /// The state; held for a few instructions, and never across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Adds `n`. When the counter was zero this must happen before the `wait` that is to
    /// see it.
    pub fn add(&self, n: u32) {
        self.state().counter += n;
    }

    /// Takes one off; at zero, all that wait go on.
    ///
    /// # Panics
    /// If the counter is zero already.
    pub fn done(&self) {
        let mut state = self.state();
        assert!(state.counter > 0, "negative WaitGroup counter");
        state.counter -= 1;
        if state.counter > 0 {
            return;
        }
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for waiter in waiting {
            waiter.release();
        }
    }

    /// Waits until the counter is zero.
    pub fn wait(&self) {
        let mut state = self.state();
        if state.counter == 0 {
            return;
        }
        let zero = Arc::new(Semaphore::new(0));
        state.waiting.push(zero.clone());
        drop(state);
        zero.acquire_for(WaitReason::SyncWaitGroup);
    }

    /// Runs `f` as a goroutine that counts from now to its end, panic or not.
    pub fn go(&self, f: impl FnOnce() + Send + 'static) {
        self.add(1);
        let group = self.clone();
        go(move || {
            let result = catch_unwind(AssertUnwindSafe(f));
            group.done();
            if let Err(payload) = result {
                resume_unwind(payload);
            }
        });
    }
}
