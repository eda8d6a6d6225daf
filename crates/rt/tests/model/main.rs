//! What goroutines wait on, under shuttle: the sources of channels, select, semaphores,
//! locks and timers, compiled with the model checker's atomics and with a scheduler of a
//! page (`sched.rs`), run under many thousand random schedules. A lost wake-up shows as a
//! deadlock.
//!
//! Shuttle's memory is sequentially consistent; `model_run_queue.rs` has the one structure
//! that relies on less.

// SAFETY of every block here: what a model shares it leaks or joins, so it lives; the
// duties of the functions called are what is being checked.
#![allow(clippy::undocumented_unsafe_blocks, unsafe_op_in_unsafe_fn)]
// Only some of each source is used.
#![allow(dead_code, unused_imports, clippy::not_unsafe_ptr_arg_deref)]

mod atomic {
    pub use shuttle::sync::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};
}
mod calls {
    #[repr(C)]
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub struct Words(pub usize, pub usize);
}
mod choice {
    pub enum Choice {
        SelectCase,
        TimerTie,
    }
    pub fn pick(_: Choice, bound: u32) -> u32 {
        use shuttle::rand::Rng;
        shuttle::rand::thread_rng().gen_range(0..bound)
    }
}
mod fatal {
    pub fn misuse(text: &str) -> ! {
        panic!("{text}")
    }
}
mod futex;
mod memory {
    /// Models make their channels themselves.
    pub unsafe fn alloc(_: usize, _: usize) -> *mut u8 {
        unreachable!()
    }
    pub fn channel_type() -> usize {
        0
    }
    pub unsafe fn may_collect(_: usize) {}
    pub unsafe fn wrote(_: *const u8, _: usize) {}
    pub unsafe fn shade_timer(_: *const goxide_abi::Timer) {}
}
mod metrics {
    pub static LOCK_WAIT_NS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
}
mod module {
    pub fn entry_closure(_: goxide_abi::EntryPoint) -> usize {
        0
    }
}
mod profile {
    pub mod waits {
        pub fn is_lock<T>(_: T) -> bool {
            false
        }
        pub fn lock_wait_begins<T>(_: T, _: i64) -> i64 {
            0
        }
        pub unsafe fn contended(_: i64) {}
    }
}
mod netpoll {
    pub fn initialize() {}
    pub fn wake_for_timer(_: i64) {}
}
mod sched;
mod time {
    pub fn nanotime() -> i64 {
        crate::timers::now()
    }
}
mod timer;

#[path = "../../src/chan/mod.rs"]
mod chan;
#[path = "../../src/sema.rs"]
mod sema;
#[path = "../../src/sync.rs"]
mod sync;

mod channels;
mod locks;
mod timers;

/// Schedules tried for each model.
const SCHEDULES: usize = 3000;

/// Runs a model under random schedules, and under ones that change threads at few points
/// only (which find other mistakes).
fn check(model: fn()) {
    shuttle::check_random(model, SCHEDULES);
    shuttle::check_pct(model, SCHEDULES, 3);
}
