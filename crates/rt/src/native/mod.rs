//! The runtime for Rust: goroutines made from closures, channels, `select!`, `defer!`,
//! sleeping, locks and wait groups, on the same scheduler that runs compiled Go code.
//!
//! ```
//! use goxide_rt::native::{Chan, WaitGroup, go, run};
//! use goxide_rt::select;
//!
//! let total = run(2, || {
//!     let results = Chan::new(4);
//!     let workers = WaitGroup::new();
//!     for n in 1..=10u64 {
//!         let results = results.clone();
//!         workers.go(move || results.send(n * n).unwrap());
//!     }
//!     go({
//!         let results = results.clone();
//!         move || {
//!             workers.wait();
//!             results.close();
//!         }
//!     });
//!     let mut total = 0;
//!     loop {
//!         select! {
//!             recv(results) -> n => match n {
//!                 Some(n) => total += n,
//!                 None => break total,
//!             },
//!         }
//!     }
//! });
//! assert_eq!(total, 385);
//! ```
//!
//! # How it differs from Go
//! - A goroutine's stack has a fixed size (256 KiB of address space; memory is used as it is
//!   touched) with a guard page below it, because Rust code cannot grow one. A goroutine that
//!   overflows its stack ends the process by SIGSEGV, without a message.
//! - A closure is never preempted: it gives way at the operations of this module, also at
//!   those that need not wait once its time slice is over. So a call that blocks (a file, a
//!   socket of `std`, `std::thread::sleep`) keeps its processor, of which [`run`] has so many,
//!   from all others: such work belongs on a thread of its own, which then hands what it has
//!   to a goroutine: [`go`] may be called by any thread.
//! - Goroutines that all wait for one another wait for ever: another thread may still start
//!   one that wakes them, so there is no "all goroutines are asleep".
//! - A goroutine that panics ends alone, as a thread does; [`JoinHandle::join`] returns what
//!   it panicked with.
//!
//! # Threads
//! A goroutine may continue on another thread after any call of this module. It must not
//! keep a reference to a thread-local across one. A goroutine that waits while it unwinds
//! keeps its thread, because Rust counts panics by thread.

mod channel;
mod defer;
mod join;
mod mutex;
mod select;
mod semaphore;
mod wait_group;

pub use channel::{Chan, SendError, TryReceiveError, TrySendError};
pub use defer::Deferred;
pub use join::{JoinHandle, spawn};
pub use mutex::{Mutex, MutexGuard};
pub use select::receive_any;
#[doc(hidden)]
pub use select::{Case, ReceiveCase, SendCase, select_cases};
pub use semaphore::Semaphore;
pub use wait_group::WaitGroup;

use crate::sched::g::{G, Status};
use crate::sched::{SCHED, lifecycle, m, park, proc, sysmon, wake};
use crate::{bootstrap, choice, memory, netpoll, signal, timer};
use goxide_fiber::{CallResults, call_on_system_stack};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Once, mpsc};
use std::time::Duration;

/// Stack of a goroutine made from a closure.
const STACK_BYTES: usize = 256 << 10;

pub(crate) type Call = extern "C" fn(usize, usize, usize, usize) -> usize;

/// The goroutine that runs this code, or null.
fn running() -> *mut G {
    let m = m::current();
    if m.is_null() {
        return std::ptr::null_mut();
    }
    // SAFETY: this thread's M.
    unsafe { (*m).g.load(Ordering::Relaxed) }
}

/// Calls the runtime from a goroutine.
///
/// # Panics
/// Outside of a goroutine.
pub(crate) fn call(f: Call, arguments: [usize; 4]) -> usize {
    call_two(f as usize, arguments).0
}

/// As [`call`], for a function of the same parameters that returns one word or two.
#[inline(never)]
fn call_two(f: usize, arguments: [usize; 4]) -> CallResults {
    let g = running();
    assert!(!g.is_null(), "called outside of a goroutine");
    let [a, b, c, d] = arguments;
    if !std::thread::panicking() {
        // SAFETY: this is the running goroutine's own stack.
        let results = unsafe { call_on_system_stack(g.cast(), f, a, b, c, d) };
        // SAFETY: the running goroutine.
        if unsafe { (*g).context.preempt_late } != 0 {
            let f = yield_call as Call as usize;
            // SAFETY: as above.
            unsafe { call_on_system_stack(g.cast(), f, 0, 0, 0, 0) };
        }
        return results;
    }
    lifecycle::goxide_lock_os_thread();
    // SAFETY: as above.
    let result = unsafe { call_on_system_stack(g.cast(), f, a, b, c, d) };
    lifecycle::goxide_unlock_os_thread();
    result
}

/// Starts the scheduler in this process, once, with this many Ps (one, if `GODEBUG` gives a
/// seed for the schedule); later calls do nothing. It runs on threads of its own.
pub fn start(procs: usize) {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let (ready, started) = mpsc::channel();
        std::thread::spawn(move || {
            choice::initialize();
            memory::initialize();
            signal::set_up_thread();
            signal::set_up_preemption();
            netpoll::initialize();
            // SAFETY: once, on a thread that becomes the first M.
            unsafe {
                let m = bootstrap::start_scheduler(if choice::seeded() { 1 } else { procs });
                sysmon::start();
                ready.send(()).unwrap();
                proc::schedule(m);
            }
        });
        started.recv().unwrap();
    });
}

/// [`start`] and [`block_on`].
pub fn run<T: Send + 'static>(procs: usize, f: impl FnOnce() -> T + Send + 'static) -> T {
    start(procs);
    block_on(f)
}

extern "C" fn run_boxed(data: usize) {
    // SAFETY: `go` boxed it for exactly this call.
    let f = unsafe { Box::from_raw(data as *mut Box<dyn FnOnce()>) };
    // The panic hook has printed it; nothing may unwind into the scheduler.
    let _ = catch_unwind(AssertUnwindSafe(f));
}

extern "C" fn go_call(data: usize, _: usize, _: usize, _: usize) -> usize {
    // SAFETY: the data is a boxed closure that may be sent to any thread.
    unsafe {
        let g = lifecycle::new_rust(run_boxed, data, STACK_BYTES);
        lifecycle::launch(g, m::current_g(), u32::MAX);
    }
    0
}

/// Starts a goroutine, from a goroutine or from any thread once [`start`] was called.
pub fn go(f: impl FnOnce() + Send + 'static) {
    let boxed: Box<Box<dyn FnOnce()>> = Box::new(Box::new(f));
    let data = Box::into_raw(boxed) as usize;
    if !running().is_null() {
        call(go_call, [data, 0, 0, 0]);
        return;
    }
    // SAFETY: as in `go_call`; a thread without a P uses the global queue.
    unsafe {
        let g = lifecycle::new_rust(run_boxed, data, STACK_BYTES);
        (*g).set_status(Status::Runnable);
        SCHED.made_outside.fetch_add(1, Ordering::SeqCst);
        park::put_global(g);
        wake::start_for_global();
    }
}

/// Starts a goroutine of compiled code: a func value without parameters.
///
/// # Safety
/// `closure` is such a func value, with a code prefix as the compiler makes it.
pub unsafe fn go_code(closure: usize) {
    extern "C" fn f(closure: usize, _: usize, _: usize, _: usize) -> usize {
        // SAFETY: see `go_code`.
        unsafe {
            let g = lifecycle::new_go(closure, [0; 6]);
            lifecycle::launch(g, m::current_g(), u32::MAX);
        }
        0
    }
    call(f, [closure, 0, 0, 0]);
}

/// Runs `f` as a goroutine and waits for it, from a thread that is none.
///
/// # Panics
/// With what `f` panicked with; if called from a goroutine.
pub fn block_on<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    assert!(running().is_null(), "block_on was called from a goroutine");
    let (done, result) = mpsc::channel();
    go(move || {
        // The receiver waits below, so there is one.
        let _ = done.send(catch_unwind(AssertUnwindSafe(f)));
    });
    match result.recv().expect("the goroutine sends its result") {
        Ok(value) => value,
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

extern "C" fn yield_call(_: usize, _: usize, _: usize, _: usize) -> usize {
    park::yield_to(m::Leave::Yield);
    0
}

/// Lets others run.
///
/// # Panics
/// Outside of a goroutine, as all that follow.
pub fn yield_now() {
    call(yield_call, [0; 4]);
}

/// Sleeps for at least this long; not at all if it is zero.
pub fn sleep(duration: Duration) {
    extern "C" fn f(ns: usize, _: usize, _: usize, _: usize) -> usize {
        timer::sleep(ns as i64);
        0
    }
    let ns = i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    call(f, [ns as usize, 0, 0, 0]);
}

/// A channel that gets one value, after this long.
pub fn after(duration: Duration) -> Chan<()> {
    let channel = Chan::new(1);
    let ours = channel.clone();
    go(move || {
        sleep(duration);
        // There is room, and only this goroutine sends; a user may have closed it.
        let _ = ours.send(());
    });
    channel
}

/// Goroutines that exist.
pub fn num_goroutines() -> usize {
    lifecycle::count()
}
