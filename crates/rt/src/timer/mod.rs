//! Timers: one heap for each P.
//!
//! A timer ([`goxide_abi::Timer`]) is owned by Go code, by a G (its sleep), or by the
//! network poller. One without a channel is in a heap from its start until it is due, and
//! then calls its function.
//!
//! # Timers with a channel
//!
//! Such a timer (`time.NewTimer`, `NewTicker`, `After`, `Tick`) is in a heap only while a
//! goroutine waits for its channel, as in Go since 1.23. Nobody can tell whether a value was
//! sent before somebody looks at the channel, so what there is to receive is found by the
//! clock: if `when_ns` is not 0 and has passed, there is a value, the time `when_ns`. To
//! receive it moves `when_ns` on (0 for one that does not repeat, else the first tick that is
//! still to come). The channel's buffer is never used, and so Stop and Reset, which set
//! `when_ns`, leave no stale value behind, and know by `when_ns` whether one was received. To
//! start such a timer nothing is called, and a ticker that was dropped costs nothing.
//!
//! | who | does |
//! |---|---|
//! | receive, `select` | look at the clock where they would look into the buffer ([`receive`], [`is_due`]) |
//! | whoever queues at the channel | says that the timer is *wanted* ([`set_wanted`]): if it runs, it goes into the heap of this P |
//! | whoever leaves the queue (a `select` that another case has ended) | says so too: if nobody is left, the entry in the heap is stale |
//! | the heap, when it is due | takes it out and has [`crate::chan::timer_is_due`] look again, with the channel's lock: if it is due then, the first receiver gets the value; if others are left, it goes into a heap again |
//! | Stop, Reset | change it with the channel's lock, and put it into a heap if it is wanted and is not in one |
//!
//! - Under the channel's lock: it is wanted if and only if somebody is in the channel's queue
//!   of receivers (or was, and has been woken by another case).
//! - *Active* is what runs and either has no channel or is wanted. Under the timer's lock: its
//!   entry in a heap, if it has one, counts as stale if and only if it is not active. What is
//!   active is in a heap, or is about to be put there by whoever holds the channel's lock, or
//!   by the M that has just taken it out as due.
//! - A timer that is not active has no need of its entry, which does not keep it alive: see
//!   `rt::memory::timers`.
//!
//! Of timers in a bubble of `testing/synctest` the Go half takes care: there they fire as the
//! clock is moved on, which nobody can tell from the above, but the clock does not move on for
//! one whose channel nobody waits for. (A goroutine in a bubble may wait for a timer from
//! outside: that one goes by the real clock.) `GODEBUG=asynctimerchan`, which had channels
//! with a buffer, is gone as of Go 1.27, and is ignored here too.
//!
//! # Words and locks
//!
//! | word of `private` | |
//! |---|---|
//! | 0 | low half: lock; high half: 1 while a goroutine waits for its channel |
//! | 1 | where it stands: number of the P in whose heap, plus 1, and which entry there; 0: nowhere |
//! | 2 | the time by which that heap has ordered it |
//! | 3 | Rust function to call when it is due; 0: it is Go's |
//!
//! Its lock guards these, `when_ns` (0: it is not going to fire) and `period_ns`; the last
//! two and "wanted" of a timer with a channel are changed with the channel's lock held as
//! well, so that either is enough to read them. Order of locks: channel, heap, timer.

mod channel;
mod control;
mod fire;
mod heap;
mod queue;
mod value;
mod words;

pub use channel::{is_due, receive, receive_at, set_wanted};
pub use control::{RustFunction, reset, set_function, start, stop};
pub use heap::Entry;
pub use queue::Timers;

use crate::sched::m::current_g;
use crate::sched::park::park;
use crate::{sched::g::G, time};
use goxide_abi::{Timer, WaitReason};

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_timer_start(t: *mut Timer) {
    // SAFETY: Go passes a timer in the heap, which the P's heap keeps alive.
    unsafe {
        crate::memory::shade_timer(t);
        start(t);
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_timer_stop(t: *mut Timer) -> usize {
    // SAFETY: as above.
    usize::from(unsafe { stop(t) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_timer_reset(t: *mut Timer, when_ns: i64, period_ns: i64) -> usize {
    // SAFETY: as above.
    usize::from(unsafe { reset(t, when_ns, period_ns) })
}

#[unsafe(no_mangle)]
extern "C" fn goxide_time_sleep(ns: i64) {
    sleep(ns);
}

/// Whether it belongs into a heap, as far as can be told without its lock.
///
/// # Safety
/// The timer is live.
pub unsafe fn seems_active(t: *mut Timer) -> bool {
    // SAFETY: see above.
    unsafe { words::is_active(t, &words::state(t)) }
}

/// The timer with which the goroutine sleeps.
unsafe fn own_timer(g: *mut G) -> *mut Timer {
    // SAFETY: the caller's goroutine; all-zero is a valid timer. Its address stays.
    unsafe {
        &raw mut **(*g)
            .timer
            .get_or_insert_with(|| Box::new(core::mem::zeroed()))
    }
}

/// The running goroutine sleeps.
pub fn sleep(ns: i64) {
    unsafe fn wake(t: *mut Timer) {
        // SAFETY: a sleeper's timer carries its G, which waits.
        unsafe { crate::sched::park::ready((*t).arg[0] as *mut G) }
    }
    unsafe fn commit(g: *mut G, _: usize) -> bool {
        // SAFETY: the G waits; its timer is its own.
        unsafe { start(own_timer(g)) };
        true
    }
    if ns <= 0 {
        return;
    }
    let g = current_g();
    // SAFETY: the running goroutine; its timer is not started.
    unsafe {
        let t = own_timer(g);
        (*t).when_ns = time::nanotime().saturating_add(ns);
        (*t).period_ns = 0;
        (*t).arg[0] = g as usize;
        set_function(t, wake);
    }
    park(WaitReason::Sleep, Some(commit), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_leave_in_order_of_time_and_insertion() {
        // SAFETY: all-zero is a valid timer.
        let mut timers: Vec<Timer> = (0..200).map(|_| unsafe { core::mem::zeroed() }).collect();
        let heap = Timers::new(0);
        for (i, t) in timers.iter_mut().enumerate() {
            t.when_ns = ((i * 7919) % 50) as i64 + 1;
            t.seq = i;
            // SAFETY: the vector outlives the heap.
            unsafe { heap.insert_new(t) };
        }
        let mut out = Vec::new();
        while let Some(due) = heap.take_due(1000) {
            // SAFETY: as above.
            out.push(unsafe { (due.when_ns, (*due.timer).seq) });
        }
        let mut want: Vec<_> = (0..200).map(|i| ((i * 7919 % 50) as i64 + 1, i)).collect();
        want.sort();
        assert_eq!(out, want);
        assert_eq!(heap.next_ns(), 0);
    }

    #[test]
    fn stopped_and_reset_timers_leave_their_entries_behind_for_a_while() {
        crate::native::start(1);
        crate::native::block_on(|| {
            crate::native::call(many_changes, [0; 4]);
        });
    }

    extern "C" fn many_changes(_: usize, _: usize, _: usize, _: usize) -> usize {
        const HOUR: i64 = 3_600_000_000_000;
        let later = time::nanotime() + HOUR;
        // SAFETY: all-zero is a valid timer.
        let timers: Vec<*mut Timer> = (0..1000)
            .map(|_| Box::into_raw(Box::new(unsafe { core::mem::zeroed() })))
            .collect();
        // SAFETY: the timers are never freed; this is an M with a P.
        unsafe {
            let heap = &(*(*crate::sched::m::here()).p).timers;
            let before = heap.len();
            for (i, &t) in timers.iter().enumerate() {
                (*t).when_ns = later + i as i64;
                start(t);
            }
            for (i, &t) in timers.iter().enumerate() {
                match i % 4 {
                    0 => assert!(stop(t)),
                    1 => assert!(reset(t, later + HOUR, 0)),
                    2 => assert!(reset(t, later - HOUR / 2, 0)),
                    _ => {}
                }
            }
            assert_eq!(heap.len(), before + 750);
            for &t in timers.iter().step_by(4) {
                assert!(!stop(t));
                assert!(!reset(t, later, 0));
            }
            assert_eq!(heap.len(), before + 1000);
            for &t in &timers {
                assert!(stop(t));
            }
            assert_eq!(heap.len(), before);
            heap.root_range();
            assert_eq!(heap.len(), before);
        }
        0
    }
}
