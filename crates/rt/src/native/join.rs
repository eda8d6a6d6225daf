//! Goroutines with a result.

use super::{Semaphore, go};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

struct Packet<T> {
    result: Mutex<Option<Result<T, Box<dyn Any + Send>>>>,
    finished: Semaphore,
}

/// The right to wait for a goroutine's result. Dropping it lets the goroutine run on alone.
pub struct JoinHandle<T>(Arc<Packet<T>>);

/// Starts a goroutine whose result can be waited for.
pub fn spawn<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let packet = Arc::new(Packet {
        result: Mutex::new(None),
        finished: Semaphore::new(0),
    });
    let ours = packet.clone();
    go(move || {
        let result = catch_unwind(AssertUnwindSafe(f));
        // Held for one store, and never across a wait.
        *ours.result.lock().unwrap() = Some(result);
        ours.finished.release();
    });
    JoinHandle(packet)
}

impl<T> JoinHandle<T> {
    /// Waits for the goroutine's end: its result, or what it panicked with.
    ///
    /// # Panics
    /// Outside of a goroutine.
    pub fn join(self) -> Result<T, Box<dyn Any + Send>> {
        self.0.finished.acquire();
        let mut result = self.0.result.lock().unwrap();
        result.take().expect("released after the result was stored")
    }

    /// Whether the goroutine has ended.
    pub fn is_finished(&self) -> bool {
        self.0.result.lock().unwrap().is_some()
    }
}
