//! Where compiler and runtime meet: layouts, the calling convention's numbers, and the
//! list of runtime calls. Depends on nothing; both sides are generated from what is here.
//!
//! Must not know: how code is made, or how goroutines are scheduled.

mod alloc;
mod calls;
mod convention;
mod g;
mod module;
mod panics;
mod wait;

pub use alloc::*;
pub use calls::{PointerUse, RUNTIME_CALLS, RuntimeCall, RuntimeCallKind, runtime_call_index};
pub use convention::*;
pub use g::{
    Bubble, COLD_CALL_BYTES, ColdCall, DEFER_FRAME_BYTES, DeferFrame, DeferRecord, G_OFFSETS,
    GContext, GOffsets, INHERITED_LOCALS, LOCALS, MContext, TAIL_ARGS,
};
pub use module::*;
pub use panics::PanicKind;
pub use wait::WaitReason;
