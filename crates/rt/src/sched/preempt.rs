//! Preemption: a goroutine that runs too long, or a world that is to stop, is interrupted
//! by SIGURG at whatever instruction of Go code it executes (**I5**).

use super::g::G;
use super::m::{Leave, M, here, leave};
use crate::module;
use goxide_fiber::{ASYNC_PREEMPT_BYTES, Segment, async_preempt_address};
use std::sync::atomic::Ordering;

/// Asks an M to give up its goroutine.
pub fn request(m: *mut M) {
    // SAFETY: Ms are never freed.
    unsafe {
        (*m).preempt.store(true, Ordering::Release);
        let tid = (*m).tid.load(Ordering::Relaxed);
        libc::syscall(libc::SYS_tgkill, libc::getpid(), tid, libc::SIGURG);
    }
}

/// The signal handler's part: if the interrupted instruction is Go code that may be
/// preempted, makes it "call" the trampoline; if it is anything else that a goroutine does,
/// the preemption comes when that returns to Go code.
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
        let registers = &mut (*context).uc_mcontext.gregs;
        let pc = registers[libc::REG_RIP as usize] as usize;
        let sp = registers[libc::REG_RSP as usize] as usize;
        let segment = (*g).context.segment as *const Segment;
        let now = may_leave(m, g)
            && module::is_go_body(pc)
            && ((*segment).lo + ASYNC_PREEMPT_BYTES..=(*segment).hi).contains(&sp);
        if !now {
            (*g).context.preempt_late = 1;
            return;
        }
        let sp = sp - 8;
        *(sp as *mut usize) = pc;
        registers[libc::REG_RSP as usize] = sp as i64;
        registers[libc::REG_RIP as usize] = async_preempt_address() as i64;
    }
}

/// Whether the running goroutine may be taken off the M in the middle of its code.
unsafe fn may_leave(m: *mut M, g: *mut G) -> bool {
    // SAFETY: this thread's M and its goroutine.
    unsafe { (*m).context.pins == 0 && !(*g).no_preempt && !(*m).p.is_null() }
}

/// Called by the trampoline on the system stack.
pub extern "C" fn preempted() {
    // SAFETY: the M runs a goroutine.
    unsafe {
        let m = here();
        let g = (*m).g.load(Ordering::Relaxed);
        // It is asked once more where a runtime call returns, and there it may be pinned.
        if may_leave(m, g) {
            (*g).context.preempt_late = 0;
            leave(Leave::Yield);
        }
    }
}
