//! The sources of timers, but for their words, which are the model's.

#[path = "../../../src/timer/control.rs"]
mod control;
#[path = "../../../src/timer/fire.rs"]
mod fire;
#[path = "../../../src/timer/heap.rs"]
mod heap;
#[path = "../../../src/timer/queue.rs"]
mod queue;
pub mod words;

pub use control::{reset, start, stop};
pub use fire::{begin, fired};
pub use queue::Timers;
