//! The sources of timers, but for their words and the values that they give, which are the
//! model's.

#[path = "../../../src/timer/channel.rs"]
mod channel;
#[path = "../../../src/timer/control.rs"]
mod control;
#[path = "../../../src/timer/fire.rs"]
mod fire;
#[path = "../../../src/timer/heap.rs"]
mod heap;
#[path = "../../../src/timer/queue.rs"]
mod queue;
pub mod words;

pub use channel::{is_due, receive, receive_at, set_wanted};
pub use control::{reset, start, stop};
pub use queue::Timers;

mod value {
    /// The channels of models carry words.
    pub unsafe fn write(t: *const goxide_abi::Timer, place: *mut u8) {
        place.cast::<i64>().write((*t).when_ns);
    }
}
