//! A tick of the CPU profile: the handler of SIGPROF.
//!
//! It runs at any instruction of any thread, so it neither locks nor allocates. What it finds
//! is the stack of the goroutine that the thread runs ([`Interrupted`]); where it runs none, or
//! is elsewhere, the function, and who is responsible ([`PseudoFrame`]).

use super::cpu;
use super::ring::Sample;
use crate::sched::g::G;
use crate::sched::m::{M, here};
use crate::traceback::{Interrupted, Walk};
use crate::tracer::samples;
use goxide_abi::{CPU_SAMPLE_FRAMES, PseudoFrame};
use std::cell::Cell;

thread_local! {
    static WATCHES: Cell<bool> = const { Cell::new(false) };
}

/// This thread is one of the runtime's that run no goroutines and do not mark either.
pub fn this_thread_watches() {
    WATCHES.with(|w| w.set(true));
}

/// Handler of SIGPROF.
pub extern "C" fn on_signal(_: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let Some(ring) = cpu::ring().filter(|_| cpu::is_on()) else {
        return;
    };
    // SAFETY: the kernel passes the signal's information and the interrupted context.
    unsafe {
        let count = ticks(info);
        if count == 0 {
            return;
        }
        let at = Interrupted::new(context.cast());
        let mut sample = Sample {
            count,
            labels: 0,
            origin: [0; 4],
            depth: 0,
            pcs: [0; CPU_SAMPLE_FRAMES],
        };
        describe(&at, &mut sample);
        ring.push(&sample);
        samples::tick(here(), &mut sample);
    }
}

/// How many ticks a signal stands for; 0 if no timer of ours has sent it.
///
/// # Safety
/// A handler's argument.
unsafe fn ticks(info: *const libc::siginfo_t) -> usize {
    /// Where the kernel's structure has the number of expirations that sent no signal.
    const OVERRUN: usize = 20;
    const FROM_KERNEL: i32 = 0x80;
    // SAFETY: see above; the structure has 128 bytes.
    unsafe {
        match (*info).si_code {
            libc::SI_TIMER => {
                let overrun = *info.byte_add(OVERRUN).cast::<i32>();
                1 + overrun.max(0) as usize
            }
            FROM_KERNEL => 1,
            _ => 0,
        }
    }
}

impl Sample {
    fn push(&mut self, pc: usize) {
        if self.depth < CPU_SAMPLE_FRAMES {
            self.pcs[self.depth] = pc;
            self.depth += 1;
        }
    }

    fn runtime(&mut self, at: &Interrupted, who: PseudoFrame) {
        self.push(at.pc + 1);
        self.push(who as usize);
    }

    fn walk(&mut self, frames: Walk) {
        for frame in frames.take(CPU_SAMPLE_FRAMES - self.depth) {
            self.push(frame.pc + usize::from(frame.exact));
        }
    }
}

/// # Safety
/// These are the registers of this thread, in a handler.
unsafe fn describe(at: &Interrupted, sample: &mut Sample) {
    let m = here();
    if m.is_null() {
        let watches = WATCHES.with(Cell::get);
        let who = if watches {
            PseudoFrame::System
        } else {
            PseudoFrame::Gc
        };
        return sample.runtime(at, who);
    }
    // SAFETY: this thread's M and its goroutine, whose stack is not touched meanwhile.
    unsafe {
        if (*m).collecting {
            return sample.runtime(at, PseudoFrame::Gc);
        }
        let g = running(m);
        if g.is_null() {
            return sample.runtime(at, PseudoFrame::System);
        }
        sample.labels = (*g).context.locals[0];
        match at.walk(g) {
            Some(frames) => sample.walk(frames),
            None => sample.runtime(at, PseudoFrame::ExternalCode),
        }
    }
}

/// The goroutine of Go code that an M runs, or null.
unsafe fn running(m: *const M) -> *const G {
    // SAFETY: the caller's M; Gs are never freed.
    unsafe {
        let g = (*m).g.load(std::sync::atomic::Ordering::Relaxed);
        if g.is_null() || (*g).is_rust {
            return std::ptr::null();
        }
        g
    }
}
