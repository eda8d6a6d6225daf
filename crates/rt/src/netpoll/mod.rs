//! The network poller: epoll, edge-triggered, behind the hooks of `internal/poll`.
//!
//! For each direction of a descriptor one word says who is interested: nobody, *ready* (an
//! event came that nobody has consumed), *waiting* (a goroutine is about to park), or the G
//! that is parked. Deadlines are Rust timers; an expired one is remembered in the
//! descriptor and wakes the waiter.

mod desc;
mod epoll;
mod waits;

pub use epoll::{has_waiters, initialize, is_ready, poll, wake_for_timer};
