//! What happens when a timer is due.
//!
//! A Rust timer's function is called at once. A Go timer's runs on a goroutine of the
//! runtime's, through [`EntryPoint::TimerCall`]. Between being due and that goroutine's
//! first step a timer with a channel may be stopped or reset: then its generation has
//! changed and the goroutine is dropped unrun. While it runs, [`super::stop`] waits for it.
//! Other timers' functions have been called, as far as anybody can tell, once they are due.

use super::words::{State, state};
use crate::atomic::Ordering;
use crate::module;
use crate::sched::g::{G, Status};
use crate::sched::lifecycle::new_go;
use crate::sched::park::put_last;
use goxide_abi::{EntryPoint, Timer};

/// A timer that has become due.
pub struct Due {
    /// It.
    pub timer: *mut Timer,
    generation: u32,
    /// When it was due.
    pub when_ns: i64,
}

impl Due {
    /// Notes what must not have changed when the function runs.
    ///
    /// # Safety
    /// The timer is live and locked.
    pub unsafe fn new(timer: *mut Timer, s: &State) -> Due {
        // SAFETY: see above.
        unsafe {
            s.pending.store(1, Ordering::SeqCst);
            let generation = s.generation.load(Ordering::SeqCst);
            Due {
                timer,
                generation,
                when_ns: (*timer).when_ns,
            }
        }
    }
}

/// Runs it. `now` is the time at which it was found due.
///
/// # Safety
/// On an M with a P, without locks.
pub unsafe fn fire(due: Due, now: i64) {
    let t = due.timer;
    // SAFETY: its owner keeps a started timer alive; a Go timer is on the new goroutine's
    // stack from here on.
    unsafe {
        let rust = (*t).private[3];
        if rust != 0 {
            let f: super::control::RustFunction = core::mem::transmute(rust);
            return f(t);
        }
        let delta = now - due.when_ns;
        let call = module::entry_closure(EntryPoint::TimerCall);
        let arguments = [
            (*t).func,
            (*t).arg[0],
            (*t).arg[1],
            (*t).seq,
            delta as usize,
            t as usize,
        ];
        let g = new_go(call, arguments);
        (*g).system = true;
        (*g).no_preempt = true;
        (*g).fires = t;
        (*g).fires_generation = due.generation;
        (*g).finish = Some(begin);
        (*g).set_status(Status::Runnable);
        put_last(g);
        crate::sched::wake::wake_p_after_push();
    }
}

/// First step of a timer's goroutine: false, and the goroutine is gone, if the timer was
/// stopped or reset meanwhile.
///
/// # Safety
/// Called by the scheduler before the goroutine runs.
pub unsafe fn begin(g: *mut G) -> bool {
    // SAFETY: the G's stack keeps the timer alive.
    unsafe {
        let s = state((*g).fires);
        s.running.fetch_add(1, Ordering::SeqCst);
        let current = s.generation.load(Ordering::SeqCst) == (*g).fires_generation;
        if current || (*(*g).fires).channel == 0 {
            s.pending.store(0, Ordering::SeqCst);
            return true;
        }
        crate::sched::lifecycle::finished(crate::sched::m::here(), g);
        false
    }
}

/// The timer's goroutine is done.
///
/// # Safety
/// It has `fires`.
pub unsafe fn fired(g: *mut G) {
    // SAFETY: the timer was on its stack until now.
    unsafe {
        state((*g).fires).running.fetch_sub(1, Ordering::SeqCst);
        (*g).fires = std::ptr::null_mut();
    }
}
