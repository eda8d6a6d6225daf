//! Channels that a timer feeds.
//!
//! Nobody sends to them and nothing is ever in their buffer: under the channel's lock there is
//! something to receive if the timer says so. The timer has to be told when the first
//! goroutine waits and when none does any more.

use super::Channel;
use super::ops::{receiver_results, wake};
use crate::timer;
use goxide_abi::Timer;
use std::ptr;

impl Channel {
    /// Its timer.
    pub(super) fn timer(&self) -> *mut Timer {
        self.timer as *mut Timer
    }

    /// Whether its timer has something to receive; it has a timer.
    #[cold]
    pub(super) fn timer_is_due(&self) -> bool {
        // SAFETY: the channel keeps its timer alive.
        unsafe { timer::is_due(self.timer()) }
    }
}

/// A goroutine has joined the queue of receivers, or left it. Locked.
///
/// # Safety
/// A channel; on an M with a P.
#[inline]
pub(super) unsafe fn receivers_changed(c: *mut Channel) {
    // SAFETY: see above.
    unsafe {
        if (*c).has_timer() {
            timer::set_wanted((*c).timer(), !(*c).receivers.is_empty());
        }
    }
}

/// Does something to a timer with the lock of its channel.
///
/// # Safety
/// The timer is live and has a channel.
pub unsafe fn with_timers_channel<R>(t: *const Timer, f: impl FnOnce() -> R) -> R {
    // SAFETY: see above; the timer keeps its channel alive.
    unsafe {
        let c = (*t).channel as *mut Channel;
        (*c).lock.lock();
        let r = f();
        (*c).lock.unlock();
        r
    }
}

/// A heap has found the timer due at the time `now`, and taken it out: if it still is, a
/// receiver that waits gets the value.
///
/// # Safety
/// As for [`with_timers_channel`]; on an M with a P, without locks.
pub unsafe fn timer_is_due(t: *mut Timer, now: i64) {
    // SAFETY: see above; the lock is held.
    let receiver = unsafe {
        with_timers_channel(t, || {
            let c = (*t).channel as *mut Channel;
            let mut receiver = ptr::null_mut();
            if (*t).when_ns != 0 && (*t).when_ns <= now {
                receiver = (*c).receivers.pop();
            }
            if !receiver.is_null() {
                timer::receive_at(t, now, (*receiver).element);
            }
            // If somebody still waits, it goes into a heap again.
            receivers_changed(c);
            receiver
        })
    };
    if !receiver.is_null() {
        // SAFETY: we took it off its queue.
        unsafe { wake(receiver, receiver_results(true)) };
    }
}
