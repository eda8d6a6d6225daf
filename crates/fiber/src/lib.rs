//! Stacks and the ways on and off them: segments, growth, context switches, the stubs
//! through which Go code calls Rust, and leaf routines that run on a goroutine's stack.
//!
//! Takes: a G (by its head, [`goxide_abi::GContext`]) with a saved context.
//! Gives: [`execute`], which runs it until it leaves the M, and the macro
//! [`runtime_stub!`] from which the runtime makes one stub for each runtime call.
//!
//! Must not know: scheduling, channels, memory management. Everything here that depends
//! on the processor is x86-64 and lives in [`x86_64`].

mod chunk;
mod segment;
pub mod x86_64;

pub use chunk::{Pages, allocate_first, comes_back, first_segment_of, pages_of};
pub use segment::{
    FIRST_SEGMENT_BYTES, Segment, Segments, StackOverflow, cached_segment_bytes,
    discard_unused_next, drop_next, free_some_discarded, grow, mapped_segment_bytes,
    max_stack_bytes, note_unused, release, set_max_stack_bytes, trim_cache,
};
pub use x86_64::morestack::{growing_frame, lessstack_address, morestack_address, set_overflow};
pub use x86_64::preempt::{
    ASYNC_PREEMPT_BYTES, async_preempt_address, resume_preempted_address, set_preempt_call,
};
pub use x86_64::switch::{
    CallResults, call_on_system_stack, execute, goexit_address, resume_at, resume_parked_address,
    set_goexit, start_go_address, start_rust_address, switch_out_address,
};
