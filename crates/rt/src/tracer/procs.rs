//! Ps change hands, and goroutines go into system calls and come back.

use super::event::{Event, GoState, ProcState};
use super::writer::Writer;
use super::{PTrace, is_on, own_stack, sched, write};
use crate::sched::SCHED;
use crate::sched::g::G;
use crate::sched::m::{M, here};
use crate::sched::p::P;
use std::sync::atomic::Ordering;

/// What the reader believes of the P.
///
/// # Safety
/// The caller owns the P; not while another reference lives.
#[allow(
    clippy::mut_from_ref,
    reason = "the caller promises that there is one only"
)]
pub(super) unsafe fn of(p: &P) -> &mut PTrace {
    // SAFETY: see above.
    unsafe { &mut *p.trace.get() }
}

/// The M has just got its P.
///
/// # Safety
/// The M is this thread's.
#[inline]
pub unsafe fn proc_start(m: *mut M) {
    if is_on() {
        // SAFETY: see above.
        unsafe { start(m) };
    }
}

/// # Safety
/// As for [`proc_start`].
#[cold]
unsafe fn start(m: *mut M) {
    // SAFETY: the M owns its P.
    unsafe {
        let p = &*(*m).p;
        let w = &mut (*m).trace.writer;
        let trace = of(p);
        match trace.state {
            ProcState::Idle => {}
            ProcState::Unknown => {
                let idle = ProcState::Idle as u64;
                w.event(Event::ProcStatus, &[p.id as u64, idle]);
                trace.sequence = 0;
            }
            ProcState::Syscall => steal(w, p),
            ProcState::Running => return,
        }
        let number = trace.count();
        w.event(Event::ProcStart, &[p.id as u64, number]);
        trace.state = ProcState::Running;
        trace.m = m;
    }
}

/// The M is about to give up its P.
///
/// # Safety
/// As for [`proc_start`].
#[inline]
pub unsafe fn proc_stop(m: *mut M) {
    if is_on() {
        // SAFETY: see above.
        unsafe { stop(m) };
    }
}

/// # Safety
/// As for [`proc_start`].
#[cold]
unsafe fn stop(m: *mut M) {
    // SAFETY: the M owns its P.
    unsafe {
        let trace = of(&*(*m).p);
        if trace.state == ProcState::Running {
            (*m).trace.writer.event(Event::ProcStop, &[]);
            trace.state = ProcState::Idle;
        }
    }
}

/// The M is about to halt for a stop of the world. Between two goroutines it counts as one
/// without a P; one that is in a runtime call keeps it.
///
/// # Safety
/// As for [`proc_start`].
#[inline]
pub unsafe fn proc_halt(m: *mut M) {
    // SAFETY: see above.
    if is_on() && unsafe { (*m).g.load(Ordering::Relaxed).is_null() } {
        // SAFETY: see above.
        unsafe { stop(m) };
    }
}

/// The M goes on after a halt.
///
/// # Safety
/// As for [`proc_start`].
#[inline]
pub unsafe fn proc_resume(m: *mut M) {
    // SAFETY: see above.
    unsafe { proc_start(m) };
}

/// A P was taken from an M in a system call.
///
/// # Safety
/// The caller owns the P now.
#[inline]
pub unsafe fn proc_steal(p: &P) {
    if is_on() {
        // SAFETY: see above.
        unsafe { stolen(p) };
    }
}

/// # Safety
/// As for [`proc_steal`].
#[cold]
unsafe fn stolen(p: &P) {
    // SAFETY: see above.
    unsafe { write(|w| steal(w, p)) };
}

/// # Safety
/// As for [`proc_steal`].
unsafe fn steal(w: &mut Writer, p: &P) {
    // SAFETY: Ms are never freed, and this one's thread is in a system call.
    unsafe {
        let trace = of(p);
        if trace.state != ProcState::Syscall {
            return;
        }
        let number = trace.count();
        let from = (*trace.m).trace.writer.thread;
        w.event(Event::ProcSteal, &[p.id as u64, number, from]);
        trace.state = ProcState::Idle;
    }
}

/// The running goroutine is about to enter a system call.
///
/// # Safety
/// The M is this thread's, runs the goroutine and has a P.
#[inline]
pub unsafe fn syscall_begin(m: *mut M, g: *mut G) {
    if is_on() {
        // SAFETY: see above.
        unsafe { begin(m, g) };
    }
}

/// # Safety
/// As for [`syscall_begin`].
#[cold]
unsafe fn begin(m: *mut M, g: *mut G) {
    // SAFETY: see above.
    unsafe {
        let w = &mut (*m).trace.writer;
        let trace = of(&*(*m).p);
        let stack = w.stacks.of_goroutine(g);
        let number = trace.count();
        w.event(Event::GoSyscallBegin, &[number, stack]);
        trace.state = ProcState::Syscall;
        trace.m = m;
        (*g).trace.state = GoState::Syscall;
    }
}

/// The running goroutine comes back from a system call and has a P: its old one, or another.
///
/// # Safety
/// As for [`syscall_begin`].
#[inline]
pub unsafe fn syscall_end(m: *mut M, g: *mut G) {
    if is_on() {
        // SAFETY: see above.
        unsafe { end(m, g) };
    }
}

/// # Safety
/// As for [`syscall_begin`].
#[cold]
unsafe fn end(m: *mut M, g: *mut G) {
    // SAFETY: see above.
    unsafe {
        if (*g).trace.state != GoState::Syscall {
            return;
        }
        let trace = of(&*(*m).p);
        if trace.state == ProcState::Syscall && trace.m == m {
            (*m).trace.writer.event(Event::GoSyscallEnd, &[]);
            trace.state = ProcState::Running;
            (*g).trace.state = GoState::Running;
            return;
        }
        // The P that was left behind went through other hands meanwhile, and may have come
        // from an M that left it behind in turn.
        start(m);
        let w = &mut (*m).trace.writer;
        w.event(Event::GoSyscallEndBlocked, &[]);
        (*g).trace.state = GoState::Runnable;
        sched::start(w, g);
    }
}

/// A goroutine came back from a system call and there is no P for it. Called with the
/// scheduler locked, when its status has just become runnable, so that a trace which begins
/// sees either the status or this event.
///
/// # Safety
/// The M is this thread's, has no P, and owns the goroutine.
#[inline]
pub unsafe fn syscall_end_without_p(g: *mut G) {
    if is_on() {
        // SAFETY: see above.
        unsafe { end_without_p(g) };
    }
}

/// # Safety
/// As for [`syscall_end_without_p`].
#[cold]
unsafe fn end_without_p(g: *mut G) {
    // SAFETY: see above.
    unsafe {
        write(|w| {
            if (*g).trace.state == GoState::Syscall {
                w.event(Event::GoSyscallEndBlocked, &[]);
                (*g).trace.state = GoState::Runnable;
            }
        });
    }
}

/// GOMAXPROCS has changed.
///
/// # Safety
/// In a runtime call of a goroutine, on an M with a P.
#[inline]
pub unsafe fn procs_changed() {
    if is_on() {
        let procs = SCHED.gomaxprocs.load(Ordering::Relaxed) as u64;
        // SAFETY: see above.
        unsafe {
            let w = &mut (*here()).trace.writer;
            let stack = own_stack(w);
            w.event(Event::ProcsChange, &[procs, stack]);
        }
    }
}
