//! Preemption: a goroutine that runs too long, or a world that is to stop, is interrupted
//! by SIGURG at whatever instruction of Go code it executes (**I5**).

use super::m::{Leave, M, here, leave};
use crate::module;
use goxide_fiber::{ASYNC_PREEMPT_BYTES, Segment, async_preempt_address};
use std::sync::atomic::Ordering;

/// Asks an M to give up its goroutine.
pub fn request(m: *mut M) {
    // SAFETY: Ms are never freed.
    unsafe {
        (*m).preempt.store(true, Ordering::Release);
        libc::syscall(libc::SYS_tgkill, libc::getpid(), (*m).tid, libc::SIGURG);
    }
}

/// The signal handler's part: if the interrupted instruction is Go code that may be
/// preempted, makes it "call" the trampoline.
///
/// # Safety
/// `context` is that of a signal on this thread.
pub unsafe fn on_signal(context: *mut libc::ucontext_t) {
    let m = here();
    if m.is_null() {
        return;
    }
    // SAFETY: the thread was interrupted in Go code only if these hold; then g and its
    // segment are stable.
    unsafe {
        let g = (*m).g.load(Ordering::Relaxed);
        if g.is_null() || !(*m).preempt.load(Ordering::Relaxed) {
            return;
        }
        if (*m).context.pins != 0 || (*g).no_preempt || (*m).p.is_null() {
            return;
        }
        let registers = &mut (*context).uc_mcontext.gregs;
        let pc = registers[libc::REG_RIP as usize] as usize;
        let sp = registers[libc::REG_RSP as usize] as usize;
        if !module::is_go_body(pc) {
            return;
        }
        let segment = (*g).context.segment as *const Segment;
        if sp < (*segment).lo + ASYNC_PREEMPT_BYTES || sp > (*segment).hi {
            return;
        }
        let sp = sp - 8;
        *(sp as *mut usize) = pc;
        registers[libc::REG_RSP as usize] = sp as i64;
        registers[libc::REG_RIP as usize] = async_preempt_address() as i64;
    }
}

/// Called by the trampoline on the system stack.
pub extern "C" fn preempted() {
    leave(Leave::Yield);
}
