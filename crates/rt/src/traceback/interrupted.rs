//! The stack of a goroutine whose thread a signal has interrupted, at any instruction.
//!
//! No frame pointer is trusted further than the goroutine's stack segments reach. Where the
//! thread is decides what there is:
//!
//! - in compiled code: the chain of frame pointers, except where a function has not made its
//!   frame yet or has left it;
//! - in a stub or leaf routine, still on the goroutine's stack: that, and its caller's chain;
//! - in Rust code of a runtime call, on the system stack: the function, the call's stub, and
//!   the chain from where the stub left the goroutine.
//!
//! Of code that is not Go's a walk gives the addresses, too. Nothing here locks or allocates.

use super::walk::{Frame, Walk};
use crate::calls::stub_at;
use crate::module;
use crate::sched::g::G;
use goxide_abi::RuntimeCallKind;
use goxide_fiber::{
    Segment, async_preempt_address, growing_frame, lessstack_address, morestack_address,
    resume_parked_address, resume_preempted_address,
};

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
const LEAF_WORDS: usize = 4;
const RET: u8 = 0xc3;

/// Where a thread was.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted {
    /// The instruction that it was about to execute.
    pub pc: usize,
    /// Stack pointer.
    pub sp: usize,
    /// Frame pointer, if the code there keeps one.
    pub fp: usize,
}

impl Interrupted {
    /// What a signal handler is told.
    ///
    /// # Safety
    /// A handler's third argument.
    pub unsafe fn new(context: *const libc::ucontext_t) -> Interrupted {
        // SAFETY: see above.
        let registers = unsafe { &(*context).uc_mcontext.gregs };
        Interrupted {
            pc: registers[libc::REG_RIP as usize] as usize,
            sp: registers[libc::REG_RSP as usize] as usize,
            fp: registers[libc::REG_RBP as usize] as usize,
        }
    }

    /// The stack of the goroutine that the thread runs; `None` if it is in code of which the
    /// goroutine knows nothing: the scheduler's, or somebody else's.
    ///
    /// # Safety
    /// These are the registers of the M that runs this goroutine of Go code, and the thread
    /// does not go on during the walk.
    pub unsafe fn walk(&self, g: *const G) -> Option<Walk> {
        // SAFETY: see above.
        unsafe {
            // Segments may lie right below a system stack: they are looked at first.
            if self.is_on_stack(g) {
                return Some(self.on_stack(g));
            }
            let in_call = (*g).context.system_sp.wrapping_sub(self.sp) < SYSTEM_STACK_BYTES;
            in_call.then(|| self.in_runtime_call(g))
        }
    }

    fn frame(&self) -> Frame {
        Frame {
            pc: self.pc,
            fp: self.fp,
            sp: self.sp,
            exact: true,
        }
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

    unsafe fn on_stack(&self, g: *const G) -> Walk {
        // SAFETY: as in `walk`.
        unsafe {
            match module::function_at(self.pc) {
                Some(f) => self.in_go(g, f.start + f.body as usize),
                None => self.in_routine(g),
            }
        }
    }

    /// In compiled code, in a function whose body (behind the prefix) is at `body`.
    unsafe fn in_go(&self, g: *const G, body: usize) -> Walk {
        // SAFETY: the code is readable, and so is the stack of the goroutine, where this
        // function's caller has left the return address.
        unsafe {
            let chain = Walk::from_frame(g, self.fp);
            let no_frame = match self.pc {
                pc if pc <= body => self.sp,
                // Behind `push rbp`.
                pc if pc == body + 1 => self.sp + 8,
                pc if *(pc as *const u8) == RET => self.sp,
                _ => return chain.behind([self.frame()]),
            };
            chain.behind([self.frame(), caller(return_address(g, no_frame), self.fp)])
        }
    }

    /// In a stub, or in a routine that Go code calls on its own stack.
    unsafe fn in_routine(&self, g: *const G) -> Walk {
        // SAFETY: as in `in_go`; words up to the segment's end.
        unsafe {
            if let Some(before) = self.preempted(g) {
                return before.on_stack(g);
            }
            if self.pc.wrapping_sub(resume_parked_address()) < RESUME_PARKED_BYTES {
                // The frame pointer is still the scheduler's.
                return Walk::parked(g);
            }
            let chain = Walk::from_frame(g, self.fp);
            if self.has_frame() {
                return chain.behind([self.frame()]);
            }
            let segment = (*g).context.segment as *const Segment;
            let words = ((*segment).hi.saturating_sub(self.sp) / 8).min(LEAF_WORDS);
            let found = (0..words)
                .map(|i| return_address(g, self.sp + 8 * i))
                .find(|pc| module::function_at(pc.wrapping_sub(1)).is_some());
            match found {
                Some(pc) => chain.behind([self.frame(), caller(pc, self.fp)]),
                None => chain.behind([self.frame()]),
            }
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
    unsafe fn in_runtime_call(&self, g: *const G) -> Walk {
        // SAFETY: the stub's return address lies on top of the frame of `execute`; it has
        // saved where the goroutine is.
        unsafe {
            let stub = *(((*g).context.system_sp - 8) as *const usize);
            let growing = stub.wrapping_sub(morestack_address()) < MORESTACK_BYTES;
            if growing {
                let (body, back) = growing_frame(&raw const (*g).context);
                return Walk::growing(g, body, back).behind([self.frame(), caller(stub, 0)]);
            }
            if stub_at(stub).is_some() {
                return Walk::parked(g).behind([self.frame(), caller(stub, 0)]);
            }
            Walk::parked(g).behind([self.frame()])
        }
    }
}

fn caller(pc: usize, fp: usize) -> Frame {
    Frame {
        pc,
        fp,
        sp: 0,
        exact: false,
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
