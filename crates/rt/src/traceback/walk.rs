//! The physical frames of a goroutine.

use crate::module;
use crate::sched::g::{G, Status};
use crate::sched::m::M;
use goxide_fiber::{Segment, lessstack_address};

/// One frame in compiled Go code.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Where it is: a return address, or with `exact` the very instruction.
    pub pc: usize,
    /// Its frame pointer; 0 unknown.
    pub fp: usize,
    /// Its stack pointer; 0 unknown.
    pub sp: usize,
    /// `pc` is an instruction that was interrupted, not a return address.
    pub exact: bool,
}

/// Most frames that are known otherwise than from the chain.
const FIRST: usize = 4;

/// Walks from the innermost frame outwards, over Go code only.
#[derive(Clone)]
pub struct Walk {
    segment: *const Segment,
    /// What comes before the chain of frame pointers.
    first: [Option<Frame>; FIRST],
    fp: usize,
    unchecked: bool,
}

impl Walk {
    /// From where the goroutine left Go code: in a runtime call, by preemption. In a system
    /// call code runs on behind the runtime call that announced it, over what that had on the
    /// stack; then it is from that one's caller, which the M has noted.
    ///
    /// # Safety
    /// The goroutine's stack does not change during the walk, but for what a system call does
    /// below that caller.
    pub unsafe fn parked(g: *const G) -> Walk {
        // SAFETY: see above; a goroutine in a system call is on its M.
        unsafe {
            if (*g).status() != Status::Syscall {
                return Walk::from_frame(g, (*g).context.sched_fp);
            }
            let [pc, fp] = (*((*g).context.m as *const M)).syscall_caller;
            let caller = Frame {
                pc,
                fp,
                sp: 0,
                exact: false,
            };
            Walk::from_frame(g, fp).behind([caller])
        }
    }

    /// From the frame at `fp`: the first pc is its return address.
    ///
    /// # Safety
    /// As for `parked`.
    pub unsafe fn from_frame(g: *const G, fp: usize) -> Walk {
        // SAFETY: see above.
        let segment = unsafe { (*g).context.segment as *const Segment };
        Walk {
            segment,
            first: [None; FIRST],
            fp,
            unchecked: false,
        }
    }

    /// The same behind these frames, the innermost first. There is room for [`FIRST`].
    pub fn behind<const N: usize>(self, frames: [Frame; N]) -> Walk {
        let mut all = frames.into_iter().chain(self.first.into_iter().flatten());
        Walk {
            first: std::array::from_fn(|_| all.next()),
            ..self
        }
    }

    /// Gives frames that are not in compiled Go code, too: for those who look at addresses
    /// later.
    pub fn unchecked(self) -> Walk {
        Walk {
            unchecked: true,
            ..self
        }
    }

    /// Of a goroutine that has not run yet: only the beginning of its function.
    ///
    /// # Safety
    /// As for `parked`.
    pub unsafe fn start(g: *const G, pc: usize) -> Walk {
        // SAFETY: see above.
        let sp = unsafe { (*g).context.sched_sp };
        let frame = Frame {
            pc,
            fp: 0,
            sp,
            exact: true,
        };
        // SAFETY: see above.
        unsafe { Walk::from_frame(g, 0) }.behind([frame])
    }

    /// From a function that has not got its frame yet: its body is at `body`, and it returns
    /// to `return_pc` in the function with frame pointer `sched_fp`.
    ///
    /// # Safety
    /// As for `parked`.
    pub unsafe fn growing(g: *const G, body: usize, return_pc: usize) -> Walk {
        // SAFETY: see above.
        let fp = unsafe { (*g).context.sched_fp };
        let callee = Frame {
            pc: body,
            fp: 0,
            sp: 0,
            exact: true,
        };
        let caller = Frame {
            pc: return_pc,
            fp,
            sp: 0,
            exact: false,
        };
        // SAFETY: see above.
        unsafe { Walk::from_frame(g, fp) }.behind([callee, caller])
    }

    /// The segment at or behind the current one that holds `address`.
    fn enter(&mut self, address: usize) -> bool {
        while !self.segment.is_null() {
            // SAFETY: segments in use are alive.
            let s = unsafe { &*self.segment };
            if (s.lo..s.hi).contains(&address) {
                return true;
            }
            self.segment = s.prev;
        }
        false
    }

    /// A caller's frame pointer, or 0 if it is none: frames lie further out, or in a segment
    /// before. (So a walk ends, whatever a register held that was taken for the first.)
    fn outwards(&self, caller_fp: usize) -> usize {
        // SAFETY: `enter` has found the segment.
        let s = unsafe { &*self.segment };
        if (s.lo..=self.fp).contains(&caller_fp) {
            return 0;
        }
        caller_fp
    }
}

impl Iterator for Walk {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        if let Some(first) = self.first.iter_mut().find_map(Option::take) {
            return Some(first);
        }
        loop {
            if self.fp == 0 || !self.fp.is_multiple_of(8) || !self.enter(self.fp) {
                return None;
            }
            // SAFETY: `enter` found the frame in a live segment.
            let (mut pc, caller_fp) = unsafe {
                let words = self.fp as *const usize;
                (*words.add(1), *words)
            };
            let mut sp = self.fp + 16;
            if pc == lessstack_address() {
                // SAFETY: as above; the hidden address is where the old segment continues.
                unsafe {
                    let saved = (*self.segment).saved_sp as *const usize;
                    pc = *saved;
                    sp = saved.add(1) as usize;
                }
            }
            self.fp = self.outwards(caller_fp);
            if self.unchecked || module::function_at(pc.wrapping_sub(1)).is_some() {
                return Some(Frame {
                    pc,
                    fp: caller_fp,
                    sp,
                    exact: false,
                });
            }
        }
    }
}
