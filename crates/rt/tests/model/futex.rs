//! The kernel's futex, with a lock and one condition for all words. A wake-up wakes all, so
//! it can be spurious, which the real one may be too; without a wake-up nobody wakes.

use crate::atomic::{AtomicU32, Ordering};
use shuttle::sync::{Condvar, Mutex};
use std::time::Duration;

shuttle::lazy_static! {
    static ref KERNEL: (Mutex<()>, Condvar) = (Mutex::new(()), Condvar::new());
}

pub fn futex_wait(word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
    let guard = KERNEL.0.lock().unwrap();
    if word.load(Ordering::SeqCst) == expected && timeout.is_none() {
        drop(KERNEL.1.wait(guard).unwrap());
    }
}

pub fn futex_wake(_: &AtomicU32, _: i32) {
    drop(KERNEL.0.lock().unwrap());
    KERNEL.1.notify_all();
}

pub fn yield_thread() {
    shuttle::thread::yield_now();
}
