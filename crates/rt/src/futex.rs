//! The kernel's part of blocking: a thread sleeps as long as a word has a value.

use crate::atomic::AtomicU32;
use std::time::Duration;

/// Waits while `*word == expected`, at most for `timeout`.
pub fn futex_wait(word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
    let spec = timeout.map(|t| libc::timespec {
        tv_sec: t.as_secs() as libc::time_t,
        tv_nsec: t.subsec_nanos() as libc::c_long,
    });
    let spec = spec
        .as_ref()
        .map_or(core::ptr::null(), |s| s as *const libc::timespec);
    let op = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: the word is live; the kernel only compares it.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), op, expected, spec) };
}

/// Wakes up to `count` waiters of `word`.
pub fn futex_wake(word: &AtomicU32, count: i32) {
    let op = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: the word's address is only a key.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), op, count) };
}

/// Lets other threads run, while one is waited for that is about to be done.
pub fn yield_thread() {
    std::thread::yield_now();
}
