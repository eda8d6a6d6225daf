//! Timers with channels: what there is to receive, and when they are in a heap.
//!
//! All of this is called with the channel's lock held. See the module above for the design.

use super::control::change;
use super::value;
use crate::atomic::Ordering;
use crate::time::nanotime;
use goxide_abi::Timer;

/// Whether there is something to receive. Without the channel's lock: whether there was, at
/// some moment of the call.
///
/// # Safety
/// The timer is live.
pub unsafe fn is_due(t: *const Timer) -> bool {
    // SAFETY: see above; volatile because others may change it.
    let when_ns = unsafe { (&raw const (*t).when_ns).read_volatile() };
    when_ns != 0 && when_ns <= nanotime()
}

/// Receives what there is to receive now: writes it to `element`, unless that is null.
///
/// # Safety
/// The timer is live; `element` has room for an element of its channel.
pub unsafe fn receive(t: *mut Timer, element: *mut u8) -> bool {
    // SAFETY: see above.
    unsafe { is_due(t) && receive_at(t, nanotime(), element) }
}

/// As [`receive`], at the time `now`.
///
/// # Safety
/// As for `receive`.
pub unsafe fn receive_at(t: *mut Timer, now: i64, element: *mut u8) -> bool {
    // SAFETY: see above.
    unsafe {
        let when_ns = (*t).when_ns;
        if when_ns == 0 || when_ns > now {
            return false;
        }
        if !element.is_null() {
            value::write(t, element);
        }
        let next = next_time(when_ns, (*t).period_ns, now);
        change(t, |_| (*t).when_ns = next);
        true
    }
}

/// When a timer that was due at `when_ns` is due after `now`; 0: never.
pub fn next_time(when_ns: i64, period_ns: i64, now: i64) -> i64 {
    if period_ns <= 0 {
        return 0;
    }
    let missed = (now - when_ns) / period_ns;
    when_ns.saturating_add(period_ns * (missed + 1))
}

/// Whether somebody waits for the channel has changed, perhaps: if so, and the timer runs,
/// it belongs into a heap.
///
/// # Safety
/// The timer is live; on an M with a P.
pub unsafe fn set_wanted(t: *mut Timer, wanted: bool) {
    // SAFETY: see above.
    unsafe { change(t, |s| s.wanted.store(wanted.into(), Ordering::Relaxed)) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticker_leaves_out_what_it_missed() {
        assert_eq!(next_time(100, 0, 100), 0);
        assert_eq!(next_time(100, 10, 100), 110);
        assert_eq!(next_time(100, 10, 109), 110);
        assert_eq!(next_time(100, 10, 135), 140);
        assert_eq!(next_time(100, i64::MAX, 200), i64::MAX);
    }
}
