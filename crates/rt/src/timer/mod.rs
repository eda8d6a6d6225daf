//! Timers: one heap for each P.
//!
//! A timer ([`goxide_abi::Timer`]) is owned by Go code, by a G (its sleep), or by the
//! network poller. Its `private` words:
//!
//! | word | |
//! |---|---|
//! | 0 | low half: lock of start, stop and reset; high half: generation, grows with each of them |
//! | 1 | number of the P in whose heap it is, plus 1; 0: in none. Changed under that heap's lock |
//! | 2 | its index there |
//! | 3 | Rust function to call when it is due; 0: it is Go's |
//! | 4 | low half: 1 while its Go function runs; high half: 1 from being due until then |
//!
//! Order of locks: timer, then heap. A due timer leaves its heap under the heap's lock alone.

mod fire;
mod heap;

pub use fire::{begin, fired};
pub use heap::Timers;

use crate::sched::SCHED;
use crate::sched::m::{current_g, here};
use crate::sched::park::park;
use crate::sched::wait::WaitReason;
use crate::sync::Lock;
use crate::{netpoll, sched::g::G, time};
use goxide_abi::Timer;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// What a Rust timer calls, on a system stack with a P and without locks.
pub type RustFunction = unsafe fn(*mut Timer);

/// Views of the private words.
struct State {
    lock: &'static Lock,
    generation: &'static AtomicU32,
    heap: &'static AtomicUsize,
    running: &'static AtomicU32,
    pending: &'static AtomicU32,
}

/// # Safety
/// The timer is live as long as the view is used.
unsafe fn state(t: *mut Timer) -> State {
    // SAFETY: see above; the words are ours alone.
    unsafe {
        let words = (&raw mut (*t).private).cast::<usize>();
        State {
            lock: &*words.cast::<Lock>(),
            generation: &*words.cast::<AtomicU32>().add(1),
            heap: &*words.add(1).cast::<AtomicUsize>(),
            running: &*words.add(4).cast::<AtomicU32>(),
            pending: &*words.add(4).cast::<AtomicU32>().add(1),
        }
    }
}

/// Sets the timer's Rust function.
///
/// # Safety
/// The timer is not started.
pub unsafe fn set_function(t: *mut Timer, f: RustFunction) {
    // SAFETY: see above.
    unsafe { (*t).private[3] = f as usize };
}

/// Starts a timer that is in no heap.
///
/// # Safety
/// The timer stays where it is until it is due or stopped; on an M with a P.
pub unsafe fn start(t: *mut Timer) {
    // SAFETY: see above.
    unsafe {
        let s = state(t);
        s.lock.lock();
        s.generation.fetch_add(1, Ordering::Relaxed);
        insert(t);
        s.lock.unlock();
    }
}

/// Puts it into a heap, with its lock held.
unsafe fn insert(t: *mut Timer) {
    // SAFETY: as in `start`.
    unsafe {
        (*t).when_ns = (*t).when_ns.max(1);
        let when = (*t).when_ns;
        netpoll::initialize();
        let p = &*(*here()).p;
        if p.timers.insert(t, p.id) {
            netpoll::wake_for_timer(when);
        }
    }
}

/// Stops it; true if it was going to fire.
///
/// # Safety
/// The timer is live.
pub unsafe fn stop(t: *mut Timer) -> bool {
    // SAFETY: see above.
    unsafe {
        let s = state(t);
        s.lock.lock();
        let active = stop_locked(t, &s);
        s.lock.unlock();
        active
    }
}

unsafe fn stop_locked(t: *mut Timer, s: &State) -> bool {
    // SAFETY: as in `stop`.
    unsafe {
        let removed = remove(t, s);
        s.generation.fetch_add(1, Ordering::SeqCst);
        if (*t).channel == 0 {
            return removed;
        }
        // Go ≥ 1.23: no value of the time before this call is received after it.
        while s.running.load(Ordering::SeqCst) != 0 {
            std::thread::yield_now();
        }
        let drained = crate::chan::drain_timer((*t).channel);
        let pending = s.pending.swap(0, Ordering::SeqCst) != 0;
        removed || drained || pending
    }
}

unsafe fn remove(t: *mut Timer, s: &State) -> bool {
    loop {
        let p = s.heap.load(Ordering::SeqCst);
        if p == 0 {
            return false;
        }
        // SAFETY: the number is that of a P that exists; the timer is live.
        let removed = unsafe {
            (*SCHED.ps[p - 1].load(Ordering::Acquire))
                .timers
                .remove(t, p - 1)
        };
        if removed {
            return true;
        }
    }
}

/// Stops it and starts it anew; true if it was going to fire.
///
/// # Safety
/// As for [`start`].
pub unsafe fn reset(t: *mut Timer, when_ns: i64, period_ns: i64) -> bool {
    // SAFETY: see above.
    unsafe {
        let s = state(t);
        s.lock.lock();
        let active = stop_locked(t, &s);
        (*t).when_ns = when_ns;
        (*t).period_ns = period_ns;
        insert(t);
        s.lock.unlock();
        active
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_timer_start(t: *mut Timer) {
    // SAFETY: Go passes a timer in the heap, kept alive by the P's heap.
    unsafe {
        if (*t).channel != 0 {
            crate::chan::mark_timer((*t).channel, t as usize);
        }
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
