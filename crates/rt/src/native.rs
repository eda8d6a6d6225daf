//! Goroutines made from Rust closures, and the runtime's operations for them. Their stacks
//! are large and fixed. Also how the runtime is tested without a compiler.
//!
//! Code of such a goroutine may continue on another thread after any call of this module:
//! it must not keep references to thread-locals across one.

use crate::chan::{self, Channel};
use crate::sched::g::G;
use crate::sched::wait::WaitReason;
use crate::sched::{m, park, proc, sysmon};
use crate::{bootstrap, memory, netpoll, sema, signal, timer};
use goxide_fiber::call_on_system_stack;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Once, mpsc};
use std::time::Duration;

/// Stack of a goroutine made from a closure.
const STACK_BYTES: usize = 256 << 10;

pub(crate) type Call = extern "C" fn(usize, usize, usize, usize) -> usize;

/// The goroutine that runs this code, if one does.
fn running() -> *mut G {
    let m = m::current();
    if m.is_null() {
        return std::ptr::null_mut();
    }
    // SAFETY: this thread's M.
    unsafe { (*m).g.load(Ordering::Relaxed) }
}

/// Calls the runtime from a goroutine.
#[inline(never)]
pub(crate) fn call(f: Call, arguments: [usize; 4]) -> usize {
    let g = running();
    assert!(!g.is_null(), "called outside of a goroutine");
    let [a, b, c, d] = arguments;
    // SAFETY: this is the running goroutine's own stack.
    unsafe { call_on_system_stack(g.cast(), f as usize, a, b, c, d) }
}

/// Starts the scheduler in this process, once, on a thread of its own.
pub fn start(procs: usize) {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let (ready, started) = mpsc::channel();
        std::thread::spawn(move || {
            memory::initialize();
            signal::set_up_thread();
            signal::set_up_preemption();
            netpoll::initialize();
            // SAFETY: once, on a thread that becomes the first M.
            unsafe {
                let m = bootstrap::start_scheduler(procs);
                sysmon::start();
                ready.send(()).unwrap();
                proc::schedule(m)
            }
        });
        started.recv().unwrap();
    });
}

extern "C" fn run_boxed(data: usize) {
    // SAFETY: `spawn` boxed it for exactly this call.
    let f = unsafe { Box::from_raw(data as *mut Box<dyn FnOnce()>) };
    f();
}

extern "C" fn spawn_call(data: usize, _: usize, _: usize, _: usize) -> usize {
    // SAFETY: the data is a boxed closure that may be sent to any thread.
    unsafe {
        let g = crate::sched::lifecycle::new_rust(run_boxed, data, STACK_BYTES);
        crate::sched::lifecycle::launch(g, m::current_g(), u32::MAX);
    }
    0
}

/// Starts a goroutine, from a goroutine or from any other thread.
pub fn go(f: impl FnOnce() + Send + 'static) {
    let boxed: Box<Box<dyn FnOnce()>> = Box::new(Box::new(f));
    let data = Box::into_raw(boxed) as usize;
    if !running().is_null() {
        call(spawn_call, [data, 0, 0, 0]);
        return;
    }
    // SAFETY: as in `spawn_call`; a thread without a P uses the global queue.
    unsafe {
        let g = crate::sched::lifecycle::new_rust(run_boxed, data, STACK_BYTES);
        crate::sched::SCHED
            .goroutines
            .fetch_add(1, Ordering::Relaxed);
        park::put_global(g);
        park::start_for_global();
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
            let g = crate::sched::lifecycle::new_go(closure, [0; 6]);
            crate::sched::lifecycle::launch(g, m::current_g(), u32::MAX);
        }
        0
    }
    call(f, [closure, 0, 0, 0]);
}

/// Runs `f` as a goroutine and waits for it, from a thread that is none.
pub fn block_on<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    go(move || done.send(f()).unwrap());
    result.recv().expect("the goroutine panicked")
}

/// Lets others run.
pub fn yield_now() {
    extern "C" fn f(_: usize, _: usize, _: usize, _: usize) -> usize {
        park::yield_to(m::Leave::Yield);
        0
    }
    call(f, [0; 4]);
}

/// Sleeps.
pub fn sleep(duration: Duration) {
    extern "C" fn f(ns: usize, _: usize, _: usize, _: usize) -> usize {
        timer::sleep(ns as i64);
        0
    }
    call(f, [duration.as_nanos() as usize, 0, 0, 0]);
}

/// A semaphore.
pub struct Semaphore(AtomicU32);

impl Semaphore {
    /// With `n` free units.
    pub const fn new(n: u32) -> Semaphore {
        Semaphore(AtomicU32::new(n))
    }

    /// Takes a unit.
    pub fn acquire(&self) {
        extern "C" fn f(address: usize, _: usize, _: usize, _: usize) -> usize {
            // SAFETY: the semaphore outlives the call.
            unsafe { sema::acquire(address, false, false, WaitReason::Semacquire) };
            0
        }
        call(f, [self.0.as_ptr() as usize, 0, 0, 0]);
    }

    /// Gives one back.
    pub fn release(&self) {
        extern "C" fn f(address: usize, _: usize, _: usize, _: usize) -> usize {
            // SAFETY: as above.
            unsafe { sema::release(address, false) };
            0
        }
        call(f, [self.0.as_ptr() as usize, 0, 0, 0]);
    }
}

/// A channel of plain values.
pub struct Chan<T>(Arc<Handle>, PhantomData<T>);

struct Handle(*mut Channel);
// SAFETY: channels are made for sharing.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl<T> Clone for Chan<T> {
    fn clone(&self) -> Self {
        Chan(self.0.clone(), PhantomData)
    }
}

/// The channel is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl<T: Copy + Send + Default + 'static> Chan<T> {
    /// With a buffer for `capacity` values. Called in a goroutine.
    pub fn new(capacity: usize) -> Chan<T> {
        extern "C" fn f(bytes: usize, capacity: usize, _: usize, _: usize) -> usize {
            // SAFETY: plain values have no pointers for the collector.
            unsafe { chan::make(0, bytes, capacity) as usize }
        }
        let c = call(f, [size_of::<T>(), capacity, 0, 0]);
        Chan(Arc::new(Handle(c as *mut Channel)), PhantomData)
    }

    fn address(&self) -> usize {
        self.0.0 as usize
    }

    /// Sends; waits for room or a receiver.
    pub fn send(&self, value: T) -> Result<(), Closed> {
        extern "C" fn f(c: usize, element: usize, _: usize, _: usize) -> usize {
            // SAFETY: the element is on the goroutine's stack while it waits.
            unsafe { chan::chansend(c as *mut Channel, element as *const u8, true) }
        }
        let slot = value;
        match call(f, [self.address(), &raw const slot as usize, 0, 0]) {
            2 => Err(Closed),
            _ => Ok(()),
        }
    }

    /// Receives; waits for a value.
    pub fn receive(&self) -> Option<T> {
        extern "C" fn f(c: usize, element: usize, _: usize, _: usize) -> usize {
            // SAFETY: as above.
            unsafe { chan::chanrecv(c as *mut Channel, element as *mut u8, true) }
        }
        let mut slot = T::default();
        let bits = call(f, [self.address(), &raw mut slot as usize, 0, 0]);
        (bits & 2 != 0).then_some(slot)
    }

    /// Closes it.
    pub fn close(&self) -> bool {
        extern "C" fn f(c: usize, _: usize, _: usize, _: usize) -> usize {
            // SAFETY: a channel.
            unsafe { chan::close(c as *mut Channel) }
        }
        call(f, [self.address(), 0, 0, 0]) == 0
    }

    /// Receives from the first of several channels that has something; its index and the
    /// value.
    pub fn select(channels: &[&Chan<T>]) -> (usize, Option<T>) {
        extern "C" fn f(cases: usize, n: usize, received: usize, _: usize) -> usize {
            let _ = received;
            // SAFETY: the cases are on the goroutine's stack while it waits.
            unsafe { chan::select(cases as *const chan::Case, 0, n, true).0 }
        }
        let mut slots: Vec<Option<T>> = vec![None; channels.len()];
        let mut values: Vec<T> = vec![T::default(); channels.len()];
        let cases: Vec<chan::Case> = channels
            .iter()
            .zip(values.iter_mut())
            .map(|(c, v)| chan::Case {
                channel: c.address(),
                element: v as *mut T as usize,
            })
            .collect();
        let i = call(f, [cases.as_ptr() as usize, cases.len(), 0, 0]);
        slots[i] = Some(values[i]);
        (i, slots[i])
    }
}
