//! The landing of `recover`: back in the frame whose deferred call recovered.

use crate::sched::m::current_g;
use goxide_abi::DeferFrame;

/// Leaves every stack segment entered since, and goes on at the frame's handler. The Rust
/// frames of this call stay behind on the system stack, which the next call overwrites.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_resume_frame(frame: *const DeferFrame) {
    // SAFETY: Go passes a frame of the running goroutine that is still live, so its stack
    // pointer lies in a segment in use.
    unsafe {
        let g = &raw mut (*current_g()).context;
        let (pc, sp, fp) = ((*frame).resume_pc, (*frame).resume_sp, (*frame).resume_fp);
        goxide_fiber::release(g, sp);
        goxide_fiber::resume_at(g, pc, sp, fp)
    }
}
