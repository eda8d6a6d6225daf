//! The runtime: scheduler, channels, select, semaphores, timers, the network poller,
//! signals and tracebacks, behind the runtime calls of `goxide_abi`.
//!
//! Takes: a program placed beside the image by the linker, described by
//! [`goxide_abi::ModuleHeader`]. Gives: [`main`], which runs it.
//!
//! Must not know: the compiler; how Go code is made. Rust code here never runs on the stack
//! of a goroutine made from Go code (**I4**).

pub mod calls;
pub mod fatal;
pub mod module;

mod bootstrap;
mod missing;

pub use bootstrap::main;
