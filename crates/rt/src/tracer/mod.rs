//! The execution tracer: what goroutines, threads and Ps do, in the format that
//! `go tool trace` reads (`runtime/trace`, `-test.trace`, the flight recorder).
//!
//! The scheduler calls the functions of this module where something happens; while no trace
//! runs each is one relaxed load. Threads write to buffers of their own. The reader of the
//! format replays the scheduler and refuses a trace that makes no sense, so the rules are:
//!
//! - **T1** Whoever makes a transition of a G or P owns it, and writes the event before it
//!   gives it away. Each G and P counts its events, by which the reader orders what several
//!   threads have written.
//! - **T2** `G::trace` and `P::trace` say what the reader believes. Events lead from there:
//!   what it has missed (a goroutine made ready while the trace began) is made up for when
//!   the goroutine is started.
//! - **T3** A thread with a P writes without locks: traces begin, end and change generations
//!   with the world stopped. A thread without one holds [`OUTSIDE`], which the one that
//!   stopped the world takes as well.
//! - **T4** A generation (about a second) begins with the state of every P and of every
//!   goroutine, written to the buffer of the thread that has it, and names only strings and
//!   stacks of its own. No range (stop of the world, sweep) reaches from one into the next,
//!   marking excepted, which is mentioned at the beginning.

mod calls;
mod collector;
mod event;
mod generation;
mod procs;
mod queue;
pub(crate) mod samples;
mod sched;
mod stacks;
mod user;
mod writer;

pub use collector::{assist, gc_begin, gc_end, heap_alloc, stop_begin, stop_end, sweep};
pub use event::{GoState, ProcState, Text};
pub use procs::{
    proc_halt, proc_resume, proc_start, proc_steal, proc_stop, procs_changed, syscall_begin,
    syscall_end, syscall_end_without_p,
};
pub use sched::{go_create, go_leave, go_start, go_unblock};

use crate::sched::g::G;
use crate::sched::m::{M, here};
use crate::sync::Lock;
use crate::time;
use std::cell::UnsafeCell;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU64, Ordering};
use writer::Writer;

/// A trace runs. Changes with the world stopped and [`OUTSIDE`] held.
static ON: AtomicBool = AtomicBool::new(false);
/// See [`is_in_use`].
static IN_USE: AtomicBool = AtomicBool::new(false);
/// The present generation; grows over all traces, so that it names one for ever.
static GENERATION: AtomicU64 = AtomicU64::new(0);
/// When it began.
static BEGAN_NS: AtomicI64 = AtomicI64::new(0);
/// The goroutine that waits for more of the trace.
static READER: AtomicPtr<G> = AtomicPtr::new(ptr::null_mut());
/// sysmon's thread id.
static WATCHER: AtomicU64 = AtomicU64::new(0);

/// Length of a generation.
const GENERATION_NS: i64 = 1_000_000_000;

/// Whether a trace runs.
#[inline(always)]
pub fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Whether a trace runs, or has not been read to its end. Then sysmon may be about to make
/// the reader ready, so that it is not true that all goroutines sleep for good.
pub fn is_in_use() -> bool {
    IN_USE.load(Ordering::SeqCst)
}

/// The present generation.
fn generation() -> u64 {
    GENERATION.load(Ordering::Relaxed)
}

/// Now, in the trace's units.
fn time_stamp() -> u64 {
    time::nanotime() as u64 >> event::CLOCK_SHIFT
}

/// What the reader believes of a goroutine. Owned with it.
pub struct GTrace {
    /// Its state.
    pub state: GoState,
    /// Events of this generation that are counted.
    pub sequence: u64,
}

impl GTrace {
    /// Unknown to the reader.
    pub const fn new() -> GTrace {
        GTrace {
            state: GoState::Unknown,
            sequence: 0,
        }
    }

    /// The next number.
    fn count(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }
}

impl Default for GTrace {
    fn default() -> Self {
        Self::new()
    }
}

/// What the reader believes of a P. Owned with it.
pub struct PTrace {
    /// Its state.
    pub state: ProcState,
    /// Events of this generation that are counted.
    pub sequence: u64,
    /// The M that has it, or left it behind in a system call.
    pub m: *mut M,
}

impl PTrace {
    /// Unknown to the reader.
    pub const fn new() -> PTrace {
        PTrace {
            state: ProcState::Unknown,
            sequence: 0,
            m: ptr::null_mut(),
        }
    }

    /// The next number.
    fn count(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }
}

impl Default for PTrace {
    fn default() -> Self {
        Self::new()
    }
}

/// What an M keeps for the tracer. Touched by its thread, and by whoever changes the
/// generation (T3).
pub struct MTrace {
    writer: Writer,
    /// It stops the world, and has said so.
    stops: bool,
    /// Goroutine that stands for the runtime's own work on this M; 0: none.
    stand_in: u64,
    /// The heap's size that it mentioned last.
    heap_bytes: u64,
}

impl MTrace {
    /// Empty.
    pub const fn new() -> MTrace {
        MTrace {
            writer: Writer::new(),
            stops: false,
            stand_in: 0,
            heap_bytes: 0,
        }
    }

    /// The M belongs to this thread now.
    pub fn bind(&mut self, tid: i32) {
        self.writer.thread = tid as u64;
    }
}

impl Default for MTrace {
    fn default() -> Self {
        Self::new()
    }
}

/// For threads without a P: a lock for all of them, and the buffer of those that are no M.
struct Outside {
    lock: Lock,
    writer: UnsafeCell<Writer>,
}

// SAFETY: the writer is touched with the lock held.
unsafe impl Sync for Outside {}

static OUTSIDE: Outside = Outside {
    lock: Lock::new(),
    writer: UnsafeCell::new(Writer::new()),
};

/// Runs `f` with this thread's writer, unless the trace has just ended.
///
/// # Safety
/// `f` writes nothing else than to the writer and what the thread owns.
unsafe fn write(f: impl FnOnce(&mut Writer)) {
    let m = here();
    // SAFETY: T3.
    unsafe {
        if !m.is_null() && !(*m).p.is_null() {
            return f(&mut (*m).trace.writer);
        }
        OUTSIDE.lock.with(|| {
            if !is_on() {
                return;
            }
            f(if m.is_null() {
                &mut *OUTSIDE.writer.get()
            } else {
                &mut (*m).trace.writer
            });
        });
    }
}

/// The number of the stack of the goroutine that runs on this thread, if one does.
///
/// # Safety
/// In a runtime call of that goroutine.
unsafe fn own_stack(w: &mut Writer) -> u64 {
    let m = here();
    // SAFETY: the running goroutine is in a runtime call.
    unsafe {
        if m.is_null() {
            return 0;
        }
        w.stacks.of_goroutine((*m).g.load(Ordering::Relaxed))
    }
}

/// The M's thread ends.
///
/// # Safety
/// The M is this thread's and has no P.
#[inline]
pub unsafe fn thread_ends(m: *mut M) {
    if is_on() {
        // SAFETY: T3.
        unsafe { write(|_| (*m).trace.writer.flush()) };
    }
}

/// This thread is sysmon's.
pub fn watcher_begins() {
    // SAFETY: no arguments.
    let tid = unsafe { libc::syscall(libc::SYS_gettid) };
    WATCHER.store(tid as u64, Ordering::Relaxed);
}

/// sysmon's look: wakes the reader if there is something to read, or if it is time for the
/// next generation, which the reader begins.
#[inline]
pub fn tick(now_ns: i64) {
    if !READER.load(Ordering::Relaxed).is_null() && (is_due(now_ns) || queue::has_next()) {
        wake_reader();
    }
}

fn is_due(now_ns: i64) -> bool {
    is_on() && now_ns - BEGAN_NS.load(Ordering::Relaxed) > GENERATION_NS
}

fn wake_reader() {
    let g = READER.swap(ptr::null_mut(), Ordering::AcqRel);
    if !g.is_null() {
        // SAFETY: it is in `park` or on its way there; Gs are never freed.
        unsafe { crate::sched::park::goxide_ready(g) };
    }
}
