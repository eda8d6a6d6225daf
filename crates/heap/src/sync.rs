//! Atomics and locks. The crate takes them from here only, so that a model checker's can be
//! put in their place.

pub(crate) use std::sync::atomic;

/// A mutex that ignores poisoning: a panic in the runtime ends the process anyway.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

pub(crate) type Guard<'a, T> = std::sync::MutexGuard<'a, T>;

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(std::sync::Mutex::new(value))
    }

    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        self.0.lock().unwrap_or_else(|e| e.into_inner())
    }
}

/// Lets others get on with what this thread waits for.
pub(crate) fn wait_a_little() {
    for _ in 0..32 {
        std::hint::spin_loop();
    }
    std::thread::yield_now();
}
