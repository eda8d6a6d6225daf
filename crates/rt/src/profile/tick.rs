//! A tick of the CPU profile: the handler of SIGPROF.
//!
//! It runs at any instruction of any thread, so it neither locks nor allocates, and trusts no
//! frame pointer further than the goroutine's stack segments reach. Where the thread is
//! decides what it finds:
//!
//! - in compiled code: the chain of frame pointers, except where a function has not made its
//!   frame yet or has left it;
//! - in a stub or leaf routine, still on the goroutine's stack: that, and its caller's chain;
//! - in Rust code of a runtime call, on the system stack: the function, the call's stub, and
//!   the chain from where the stub left the goroutine;
//! - anywhere else: the function, and who is responsible ([`PseudoFrame`]).

use super::cpu;
use super::ring::Sample;
use crate::calls::stub_at;
use crate::module;
use crate::sched::g::G;
use crate::sched::m::{M, here};
use crate::traceback::Walk;
use crate::tracer::samples;
use goxide_abi::{CPU_SAMPLE_FRAMES, PseudoFrame, RuntimeCallKind};
use goxide_fiber::{
    Segment, async_preempt_address, growing_frame, lessstack_address, morestack_address,
    resume_parked_address, resume_preempted_address,
};
use std::cell::Cell;

/// Most that a system stack takes: the first thread's is the largest.
const SYSTEM_STACK_BYTES: usize = 8 << 20;
/// At least the code of `morestack`.
const MORESTACK_BYTES: usize = 256;
/// The code of a preemption and of the way back, or some padding more.
const PREEMPT_BYTES: usize = 208;
const RESUME_BYTES: usize = 152;
/// The code on which a goroutine continues behind a call that parked.
const RESUME_PARKED_BYTES: usize = 32;
/// What a leaf routine may have pushed on top of its return address, and that one.
const LEAF_WORDS: usize = 3;
const RET: u8 = 0xc3;

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
        let registers = &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs;
        let at = Interrupted {
            pc: registers[libc::REG_RIP as usize] as usize,
            sp: registers[libc::REG_RSP as usize] as usize,
            fp: registers[libc::REG_RBP as usize] as usize,
        };
        let mut sample = Sample {
            count,
            labels: 0,
            origin: [0; 4],
            depth: 0,
            pcs: [0; CPU_SAMPLE_FRAMES],
        };
        at.describe(&mut sample);
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

    fn walk(&mut self, frames: Walk) {
        for frame in frames.take(CPU_SAMPLE_FRAMES - self.depth) {
            self.push(frame.pc + usize::from(frame.exact));
        }
    }
}

/// Where a thread was.
struct Interrupted {
    pc: usize,
    sp: usize,
    fp: usize,
}

impl Interrupted {
    /// # Safety
    /// These are the registers of this thread, in a handler.
    unsafe fn describe(&self, sample: &mut Sample) {
        let m = here();
        if m.is_null() {
            let watches = WATCHES.with(Cell::get);
            return self.runtime(
                sample,
                if watches {
                    PseudoFrame::System
                } else {
                    PseudoFrame::Gc
                },
            );
        }
        // SAFETY: this thread's M and its goroutine, whose stack is not touched meanwhile.
        unsafe {
            if (*m).collecting {
                return self.runtime(sample, PseudoFrame::Gc);
            }
            let g = running(m);
            if g.is_null() {
                return self.runtime(sample, PseudoFrame::System);
            }
            sample.labels = (*g).context.locals[0];
            // Segments may lie right below a system stack: they are looked at first.
            if self.is_on_stack(g) {
                self.describe_stack(sample, g);
            } else if (*g).context.system_sp.wrapping_sub(self.sp) < SYSTEM_STACK_BYTES {
                self.in_runtime_call(sample, g);
            } else {
                self.runtime(sample, PseudoFrame::ExternalCode);
            }
        }
    }

    /// On the goroutine's stack.
    unsafe fn describe_stack(&self, sample: &mut Sample, g: *const G) {
        // SAFETY: as in `describe`.
        unsafe {
            match module::function_at(self.pc) {
                Some(f) => self.in_go(sample, g, f.start + f.body as usize),
                None => self.in_routine(sample, g),
            }
        }
    }

    fn runtime(&self, sample: &mut Sample, who: PseudoFrame) {
        sample.push(self.pc + 1);
        sample.push(who as usize);
    }

    /// Whether the stack pointer is in the goroutine's current segment, or in the one before,
    /// as it is for a moment when a segment is entered or left.
    unsafe fn is_on_stack(&self, g: *const G) -> bool {
        // SAFETY: segments in use are alive.
        unsafe {
            let segment = (*g).context.segment as *const Segment;
            let before = (*segment).prev;
            let contains =
                |s: *const Segment| !s.is_null() && ((*s).lo..(*s).hi).contains(&self.sp);
            // An empty stack points to the segment's end.
            contains(segment) || contains(before) || self.sp == (*segment).hi
        }
    }

    /// In compiled code, in a function whose body (behind the prefix) is at `body`.
    unsafe fn in_go(&self, sample: &mut Sample, g: *const G, body: usize) {
        // SAFETY: the code is readable, and so is the stack of the goroutine, where this
        // function's caller has left the return address.
        unsafe {
            let no_frame = match self.pc {
                pc if pc <= body => Some(self.sp),
                // Behind `push rbp`.
                pc if pc == body + 1 => Some(self.sp + 8),
                pc if *(pc as *const u8) == RET => Some(self.sp),
                _ => None,
            };
            sample.push(self.pc + 1);
            if let Some(at) = no_frame {
                sample.push(return_address(g, at));
            }
            sample.walk(Walk::from_frame(g, self.fp));
        }
    }

    /// In a stub, or in a routine that Go code calls on its own stack.
    unsafe fn in_routine(&self, sample: &mut Sample, g: *const G) {
        // SAFETY: as in `in_go`; words up to the segment's end.
        unsafe {
            if let Some(before) = self.preempted(g) {
                return before.describe_stack(sample, g);
            }
            if self.pc.wrapping_sub(resume_parked_address()) < RESUME_PARKED_BYTES {
                // The frame pointer is still the scheduler's.
                return sample.walk(Walk::parked(g));
            }
            sample.push(self.pc + 1);
            if !self.has_frame() {
                let segment = (*g).context.segment as *const Segment;
                let words = ((*segment).hi.saturating_sub(self.sp) / 8).min(LEAF_WORDS);
                let found = (0..words)
                    .map(|i| return_address(g, self.sp + 8 * i))
                    .find(|pc| module::function_at(pc.wrapping_sub(1)).is_some());
                found.into_iter().for_each(|pc| sample.push(pc));
            }
            sample.walk(Walk::from_frame(g, self.fp));
        }
    }

    /// Where the goroutine was before it was preempted, if it is in the routine for that. (The
    /// two signals often come together: then this is the next one's first instruction.)
    unsafe fn preempted(&self, g: *const G) -> Option<Interrupted> {
        let into = self.pc.wrapping_sub(async_preempt_address());
        let back = self.pc.wrapping_sub(resume_preempted_address());
        if into >= PREEMPT_BYTES && back >= RESUME_BYTES {
            return None;
        }
        // SAFETY: the routine begins with `push rbp; mov rbp, rsp`, and what was interrupted
        // is its return address. The way back has the frame pointer only at its last
        // instruction, but G keeps it.
        unsafe {
            let frame = if back < RESUME_BYTES {
                (*g).context.sched_fp
            } else {
                self.fp
            };
            let (at, fp) = match into {
                0 => (self.sp, self.fp),
                1 => (self.sp + 8, self.fp),
                _ if *(self.pc as *const u8) == RET => (self.sp, self.fp),
                _ => (frame + 8, *(frame as *const usize)),
            };
            Some(Interrupted {
                pc: *(at as *const usize),
                sp: at + 8,
                fp,
            })
        }
    }

    /// Whether a stub has made a frame: not in its first two instructions nor in the last.
    unsafe fn has_frame(&self) -> bool {
        let stub = stub_at(self.pc).filter(|s| s.kind != RuntimeCallKind::Leaf);
        // SAFETY: code is readable.
        let returns = unsafe { *(self.pc as *const u8) } == RET;
        stub.is_some_and(|stub| self.pc > stub.address as usize + 1 && !returns)
    }

    /// In Rust code (or on the way there) that a stub has called for the goroutine.
    unsafe fn in_runtime_call(&self, sample: &mut Sample, g: *const G) {
        sample.push(self.pc + 1);
        // SAFETY: the stub's return address lies on top of the frame of `execute`; it has
        // saved where the goroutine is.
        unsafe {
            let stub = *(((*g).context.system_sp - 8) as *const usize);
            let growing = stub.wrapping_sub(morestack_address()) < MORESTACK_BYTES;
            if growing {
                sample.push(stub);
                let (body, back) = growing_frame(&raw const (*g).context);
                return sample.walk(Walk::growing(g, body, back));
            }
            if stub_at(stub).is_some() {
                sample.push(stub);
            }
            sample.walk(Walk::parked(g));
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

/// The return address in this word of the goroutine's stack, the real one if the function was
/// entered on a new segment.
unsafe fn return_address(g: *const G, at: usize) -> usize {
    // SAFETY: the caller's; segments in use are alive.
    unsafe {
        let pc = *(at as *const usize);
        if pc != lessstack_address() {
            return pc;
        }
        let segment = (*g).context.segment as *const Segment;
        *((*segment).saved_sp as *const usize)
    }
}
