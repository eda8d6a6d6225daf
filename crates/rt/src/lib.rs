//! The runtime: scheduler, channels, select, semaphores, timers, the network poller,
//! signals and tracebacks, behind the runtime calls of `goxide_abi`.
//!
//! Takes: a program placed beside the image by the linker, described by
//! [`goxide_abi::ModuleHeader`]. Gives: [`main`], which runs it.
//!
//! To Rust programs it is a library: see [`native`] for goroutines made from closures,
//! channels, `select!`, `defer!`, locks and sleeping, which need no compiler and no Go.
//!
//! Must not know: the compiler; how Go code is made. Rust code here never runs on the stack
//! of a goroutine made from Go code (**I4**).

#![allow(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "Gs, Ms and Ps are handles that are never freed: passing one is not unsafe, using it is"
)]

pub mod calls;
pub mod chan;
pub mod choice;
pub mod fatal;
pub mod futex;
pub mod memory;
pub mod metrics;
pub mod module;
pub mod native;
pub mod netpoll;
pub mod notify;
pub mod profile;
pub mod sched;
pub mod sema;
pub mod sync;
pub mod time;
pub mod timer;
pub mod traceback;
pub mod tracer;

mod accel;
mod atomic;
mod bootstrap;
mod defer_stack;
mod environment;
mod recover;
mod report_memory;
mod signal;
mod system_memory;

pub use bootstrap::main;
pub use system_memory::SystemMemory;
