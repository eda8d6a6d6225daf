//! What happens when a timer is due.
//!
//! A Rust timer's function is called at once. A Go timer's runs on a goroutine of the
//! runtime's, through [`EntryPoint::TimerCall`]; it has been called, as far as anybody can
//! tell, once it is due. A timer with a channel passes a time to a goroutine that waits.

use super::queue::Due;
use crate::module;
use crate::sched::g::Status;
use crate::sched::lifecycle::new_go;
use crate::sched::park::put_last;
use goxide_abi::EntryPoint;

/// Runs it. `now` is the time at which it was found due.
///
/// # Safety
/// On an M with a P, without locks.
pub unsafe fn fire(due: Due, now: i64) {
    let t = due.timer;
    // SAFETY: its owner keeps a started timer alive. A collection may find that nobody has
    // it any more, but does not end before this M has got through here.
    unsafe {
        if (*t).channel != 0 {
            return crate::chan::timer_is_due(t, now);
        }
        let rust = (*t).private[3];
        if rust != 0 {
            let f: super::control::RustFunction = core::mem::transmute(rust);
            return f(t);
        }
        let delta = now - due.when_ns;
        let call = module::entry_closure(EntryPoint::TimerCall);
        let (arg, seq) = ((*t).arg, (*t).seq);
        let g = new_go(call, [(*t).func, arg[0], arg[1], seq, delta as usize, 0]);
        (*g).system = true;
        (*g).no_preempt = true;
        (*g).is_timers = true;
        (*g).set_status(Status::Runnable);
        put_last(g);
        crate::sched::wake::wake_p_after_push();
    }
}
