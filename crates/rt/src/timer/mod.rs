//! Timers: one heap for each P.
//!
//! A timer ([`goxide_abi::Timer`]) is owned by Go code, by a G (its sleep), or by the
//! network poller. Its `private` words:
//!
//! | word | |
//! |---|---|
//! | 0 | low half: lock; high half: generation, grows when what has become due is withdrawn |
//! | 1 | where it stands: number of the P in whose heap, plus 1, and which entry there; 0: nowhere |
//! | 2 | the time by which that heap has ordered it |
//! | 3 | Rust function to call when it is due; 0: it is Go's |
//! | 4 | low half: 1 while its Go function runs; high half: 1 from being due until then |
//!
//! Its lock guards words 1 and 2, `when_ns` (0: it is not going to fire) and `period_ns`.
//! Order of locks: heap, then timer.

mod control;
mod fire;
mod heap;
mod queue;
mod words;

pub use control::{RustFunction, reset, set_function, start, stop};
pub use fire::{begin, fired};
pub use heap::Entry;
pub use queue::Timers;

use crate::sched::m::current_g;
use crate::sched::park::park;
use crate::{sched::g::G, time};
use goxide_abi::{Timer, WaitReason};

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_timer_start(t: *mut Timer) {
    // SAFETY: Go passes a timer in the heap, kept alive by the P's heap.
    unsafe {
        if (*t).channel != 0 {
            crate::chan::mark_timer((*t).channel, t as usize);
        }
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
    unsafe {
        crate::memory::shade_timer(t);
        usize::from(reset(t, when_ns, period_ns))
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_time_sleep(ns: i64) {
    sleep(ns);
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
