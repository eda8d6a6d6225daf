//! System calls: the P stays behind, to be taken by sysmon if the call lasts.

use super::SCHED;
use super::g::{G, Status};
use super::idle::{acquire, take_idle_p};
use super::m::{Leave, M, here, leave};
use super::threads::stop_m;
use crate::memory::forget_operands;
use crate::tracer;
use std::ptr;
use std::sync::atomic::Ordering;

#[unsafe(no_mangle)]
extern "C" fn goxide_entersyscall() {
    // SAFETY: the running goroutine, its M and P.
    unsafe {
        let m = here();
        let g = (*m).g.load(Ordering::Relaxed);
        tracer::syscall_begin(m, g);
        // Code runs on before the system call itself, over what the stub has saved.
        (*m).syscall_registers = *((*g).context.sched_sp as *const [usize; 4]);
        let stub = (*g).context.sched_fp as *const usize;
        (*m).syscall_caller = [*stub.add(1), *stub];
        forget_operands(&mut (*g).context);
        (*g).set_status(Status::Syscall);
        let p = (*m).p;
        (*m).p = ptr::null_mut();
        (*m).old_p = p;
        // Nothing may be allocated until the exit: the fast path would not notice.
        (*g).context.cache = 0;
        (*p).m.store(ptr::null_mut(), Ordering::Release);
        (*p).claim.leave_behind();
        super::sysmon::a_system_call_begins(&*p);
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_exitsyscall() {
    // SAFETY: the running goroutine and its M.
    unsafe {
        let m = here();
        let g = (*m).g.load(Ordering::Relaxed);
        let old = (*m).old_p;
        if (*g).since_ns.load(Ordering::Relaxed) != 0 {
            (*g).since_ns.store(0, Ordering::Relaxed);
        }
        if !old.is_null() && (*old).claim.take_back() {
            (*m).p = old;
            (*old).m.store(m, Ordering::Release);
            (*g).context.cache = (*old).own().memory.address();
            (*g).set_status(Status::Running);
            tracer::syscall_end(m, g);
            if (*old).preempt.load(Ordering::Relaxed) {
                (*g).context.preempt_late = 1;
            }
            return;
        }
        if let Some(p) = SCHED.with(take_idle_p) {
            acquire(m, p);
            (*g).context.cache = (*p).own().memory.address();
            (*g).set_status(Status::Running);
            tracer::syscall_end(m, g);
            return;
        }
        leave(Leave::NoP);
    }
}

/// The second half of an `exitsyscall` that found no P: the goroutine goes to the global
/// queue, the M to sleep.
///
/// # Safety
/// The goroutine is off the M, which is this thread's and has no P.
pub unsafe fn queue_without_p(m: *mut M, g: *mut G) {
    // SAFETY: see above.
    unsafe {
        let locked = !(*m).locked_g.is_null();
        let p = SCHED.with(|shared| {
            (*g).set_status(Status::Runnable);
            tracer::syscall_end_without_p(g);
            let p = take_idle_p(shared);
            if p.is_none() || locked {
                shared.global.push(g);
                SCHED
                    .global_len
                    .store(shared.global.len(), Ordering::Release);
            }
            p
        });
        match p {
            Some(p) => {
                acquire(m, p);
                if !locked {
                    let displaced = (*p).queue.set_next(g);
                    debug_assert!(displaced.is_null());
                }
            }
            // `schedule` stops a locked M by itself.
            None if locked => {}
            None => stop_m(m),
        }
    }
}

/// Runs `f`, which may block this thread for long, without a P.
///
/// # Safety
/// On an M with a P, in a runtime call that leads nowhere else while it waits.
pub unsafe fn without_p<R>(f: impl FnOnce() -> R) -> R {
    goxide_entersyscall();
    f()
    // The caller ends with `goxide_exitsyscall`, which may leave the M.
}
