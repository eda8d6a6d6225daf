//! Goroutines are made, started, stopped and made ready.

use super::event::{Event, GoState, Text};
use super::writer::Writer;
use super::{is_on, own_stack, write};
use crate::sched::g::G;
use crate::sched::m::{Leave, M};
use goxide_fiber::resume_preempted_address;

/// A goroutine is about to become runnable for the first time.
///
/// # Safety
/// The caller owns it and runs on an M with a P.
#[inline]
pub unsafe fn go_create(g: *mut G) {
    if is_on() {
        // SAFETY: see above.
        unsafe { launched(g) };
    }
}

/// # Safety
/// As for [`go_create`].
#[cold]
unsafe fn launched(g: *mut G) {
    // SAFETY: see above.
    unsafe {
        write(|w| {
            let stack = own_stack(w);
            create(w, g, stack);
        });
    }
}

/// # Safety
/// As for [`go_create`].
unsafe fn create(w: &mut Writer, g: *mut G, stack: u64) {
    // SAFETY: see above.
    unsafe {
        let start = w.stacks.of_start((*g).start_pc);
        w.event(Event::GoCreate, &[(*g).context.goid, start, stack]);
        (*g).trace.state = GoState::Runnable;
        (*g).trace.sequence = 0;
    }
}

/// A goroutine that waited is about to become runnable.
///
/// # Safety
/// The caller owns it.
#[inline]
pub unsafe fn go_unblock(g: *mut G) {
    if is_on() {
        // SAFETY: see above.
        unsafe { made_ready(g) };
    }
}

/// # Safety
/// As for [`go_unblock`].
#[cold]
unsafe fn made_ready(g: *mut G) {
    // SAFETY: see above.
    unsafe {
        write(|w| {
            if (*g).trace.state == GoState::Waiting {
                let stack = own_stack(w);
                unblock(w, g, stack);
            }
        });
    }
}

/// # Safety
/// The caller owns the goroutine.
unsafe fn unblock(w: &mut Writer, g: *mut G, stack: u64) {
    // SAFETY: see above.
    unsafe {
        let number = (*g).trace.count();
        w.event(Event::GoUnblock, &[(*g).context.goid, number, stack]);
        (*g).trace.state = GoState::Runnable;
    }
}

/// A goroutine is about to run on the M.
///
/// # Safety
/// The M is this thread's, has a P and owns the goroutine.
#[inline]
pub unsafe fn go_start(m: *mut M, g: *mut G) {
    if is_on() {
        // SAFETY: see above.
        unsafe { start(&mut (*m).trace.writer, g) };
    }
}

/// # Safety
/// As for [`go_start`].
#[cold]
pub(super) unsafe fn start(w: &mut Writer, g: *mut G) {
    // SAFETY: see above.
    unsafe {
        match (*g).trace.state {
            GoState::Runnable => {}
            // It was not launched, as those of timers and of the collector are not.
            GoState::Unknown => create(w, g, 0),
            // It was made ready while the trace began, or could not park after all.
            GoState::Waiting => unblock(w, g, 0),
            GoState::Running | GoState::Syscall => return,
        }
        let number = (*g).trace.count();
        w.event(Event::GoStart, &[(*g).context.goid, number]);
        (*g).trace.state = GoState::Running;
    }
}

/// The goroutine has left the M, and nobody else knows it yet.
///
/// # Safety
/// The M is this thread's and owns the goroutine.
#[inline]
pub unsafe fn go_leave(m: *mut M, g: *mut G) {
    if is_on() {
        // SAFETY: see above.
        unsafe { left(m, g) };
    }
}

/// # Safety
/// As for [`go_leave`].
#[cold]
unsafe fn left(m: *mut M, g: *mut G) {
    // SAFETY: with `NoP` the M has no P, and nothing is written here; else it has one.
    unsafe {
        let w = &mut (*m).trace.writer;
        if (*g).trace.state != GoState::Running {
            return;
        }
        (*g).trace.state = match (*m).leave {
            Leave::Stay | Leave::NoP => return,
            Leave::Exit => {
                w.event(Event::GoDestroy, &[]);
                GoState::Unknown
            }
            Leave::Park { reason, .. } => {
                let stack = w.stacks.of_goroutine(g);
                w.event(Event::GoBlock, &[Text::of_wait(reason).id(), stack]);
                GoState::Waiting
            }
            Leave::Yield | Leave::YieldLocal => {
                // `YieldLocal`: it has handed a lock over.
                let interrupted = (*g).context.sched_pc == resume_preempted_address();
                let reason = if interrupted || matches!((*m).leave, Leave::YieldLocal) {
                    Text::Preempted
                } else {
                    Text::Gosched
                };
                let stack = w.stacks.of_goroutine(g);
                w.event(Event::GoStop, &[reason.id(), stack]);
                GoState::Runnable
            }
        };
    }
}
