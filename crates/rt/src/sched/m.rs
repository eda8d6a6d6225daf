//! M: a thread.

use super::freeze::{self, Frozen};
use super::g::G;
use super::p::P;
use crate::sync::Parker;
use crate::tracer::{self, MTrace};
use goxide_abi::{MContext, WaitReason};
use std::cell::Cell;
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};

/// Why a goroutine leaves its M.
#[derive(Clone, Copy)]
pub enum Leave {
    /// It does not.
    Stay,
    /// It waits. `commit` is called once it is off the M and may still say no (false).
    Park {
        /// Why.
        reason: WaitReason,
        /// Makes the goroutine visible to its waker, as by unlocking.
        commit: Option<unsafe fn(*mut G, usize) -> bool>,
        /// Argument for `commit`.
        argument: usize,
    },
    /// It lets others run: it goes behind those in the global queue, if there are any or it
    /// was interrupted, else to the end of its P's, which takes no lock.
    Yield,
    /// It goes to the end of its P's queue.
    YieldLocal,
    /// Its system call ended and there was no P for it.
    NoP,
    /// It has ended.
    Exit,
}

/// A thread. Never freed.
#[repr(C)]
pub struct M {
    /// What stubs touch.
    pub context: MContext,
    /// Number.
    pub id: usize,
    /// Thread id for signals; 0 without a thread.
    pub tid: AtomicI32,
    /// The P it owns, or null.
    pub p: *mut P,
    /// The P it owned when it entered a system call.
    pub old_p: *mut P,
    /// What the registers that calls preserve held when its goroutine entered the system
    /// call that it is in.
    pub syscall_registers: [usize; 4],
    /// Where the function goes on that announced this system call, and its frame pointer.
    pub syscall_caller: [usize; 2],
    /// The P it is to take when it wakes.
    pub next_p: AtomicPtr<P>,
    /// The goroutine it runs, or null.
    pub g: AtomicPtr<G>,
    /// Where it sleeps.
    pub parker: Parker,
    /// It looks for work.
    pub spinning: bool,
    /// It sleeps on its parker; for those who watch.
    pub blocked: AtomicBool,
    /// The goroutine locked to it, or null.
    pub locked_g: *mut G,
    /// A goroutine has ended that was locked to it: the thread, whose state that one may
    /// have changed, is to end as well.
    pub ends: bool,
    /// Why its goroutine leaves, set just before it does.
    pub leave: Leave,
    /// A preemption was asked for.
    pub preempt: AtomicBool,
    /// It collects, with the world stopped: what its goroutine was doing is not to blame.
    pub collecting: bool,
    /// Objects that only Rust code of this M holds, for the collector.
    pub pending: [usize; PENDING],
    /// Stopped for good, once the process ends with a report.
    pub frozen: Frozen,
    /// The next in the list of all.
    newer: AtomicPtr<M>,
    /// For execution traces.
    pub trace: MTrace,
}

/// Length of [`M::pending`].
pub const PENDING: usize = 4;

thread_local! {
    static CURRENT: Cell<*mut M> = const { Cell::new(ptr::null_mut()) };
}

/// The thread's M; null on a thread that is none. Never inlined, so that Rust code which
/// moves between threads (goroutines made from closures) looks again each time.
#[inline(never)]
pub fn current() -> *mut M {
    CURRENT.with(|c| c.get())
}

/// For code on system stacks.
#[inline]
pub fn here() -> *mut M {
    CURRENT.with(|c| c.get())
}

/// The running goroutine of this thread, for runtime calls.
#[inline]
pub fn current_g() -> *mut G {
    // SAFETY: runtime calls are made on Ms.
    unsafe { (*here()).g.load(Ordering::Relaxed) }
}

static ALL: Mutex<AllMs> = Mutex::new(AllMs {
    count: 0,
    last: ptr::null_mut(),
    free: Vec::new(),
});
/// The first of all, which are linked by `newer`: who looks at them takes no lock.
static FIRST: AtomicPtr<M> = AtomicPtr::new(ptr::null_mut());

struct AllMs {
    /// How many there are.
    count: usize,
    last: *mut M,
    /// Those of them that have no thread.
    free: Vec<*mut M>,
}
// SAFETY: Ms are shared; other threads touch only their atomics and parker.
unsafe impl Send for AllMs {}

impl M {
    /// A new M, not yet bound to a thread.
    pub fn allocate() -> *mut M {
        let mut all = ALL.lock().unwrap();
        if let Some(m) = all.free.pop() {
            return m;
        }
        let m = Box::into_raw(Box::new(M {
            context: MContext { pins: 0, p: 0 },
            id: all.count,
            tid: AtomicI32::new(0),
            p: ptr::null_mut(),
            old_p: ptr::null_mut(),
            syscall_registers: [0; 4],
            syscall_caller: [0; 2],
            next_p: AtomicPtr::new(ptr::null_mut()),
            g: AtomicPtr::new(ptr::null_mut()),
            parker: Parker::new(),
            spinning: false,
            blocked: AtomicBool::new(false),
            locked_g: ptr::null_mut(),
            ends: false,
            leave: Leave::Stay,
            preempt: AtomicBool::new(false),
            collecting: false,
            pending: [0; PENDING],
            frozen: Frozen::default(),
            newer: AtomicPtr::new(ptr::null_mut()),
            trace: MTrace::new(),
        }));
        // SAFETY: Ms are never freed.
        let link = unsafe { all.last.as_ref() }.map_or(&FIRST, |last| &last.newer);
        link.store(m, Ordering::Release);
        all.last = m;
        all.count += 1;
        m
    }

    /// Makes this thread the M's.
    ///
    /// # Safety
    /// The M belongs to no thread yet.
    pub unsafe fn bind(m: *mut M) {
        // SAFETY: see above.
        unsafe {
            let tid = libc::syscall(libc::SYS_gettid) as i32;
            (*m).trace.bind(tid);
            CURRENT.with(|c| c.set(m));
            (*m).tid.store(tid, Ordering::SeqCst);
        }
        freeze::thread_starts();
    }
}

/// Puts away the M of a thread that ends.
///
/// # Safety
/// The M is this thread's, has no P and runs nothing.
pub unsafe fn unbind(m: *mut M) {
    // SAFETY: see above.
    unsafe {
        tracer::thread_ends(m);
        (*m).tid.store(0, Ordering::SeqCst);
        (*m).ends = false;
    }
    CURRENT.with(|c| c.set(ptr::null_mut()));
    ALL.lock().unwrap().free.push(m);
}

/// Tells the stub that the running goroutine is to leave the M, and why.
pub fn leave(why: Leave) {
    // SAFETY: called from runtime calls, on an M that runs a goroutine: its request word
    // lies at `system_sp`.
    unsafe {
        let m = here();
        (*m).leave = why;
        let g = (*m).g.load(Ordering::Relaxed);
        *((*g).context.system_sp as *mut usize) = 1;
    }
}

/// Calls `f` for every M.
pub fn for_each(mut f: impl FnMut(*mut M)) {
    let mut m = FIRST.load(Ordering::Acquire);
    while !m.is_null() {
        f(m);
        // SAFETY: Ms are never freed.
        m = unsafe { (*m).newer.load(Ordering::Acquire) };
    }
}

/// How many Ms exist.
pub fn count() -> usize {
    let all = ALL.lock().unwrap();
    all.count - all.free.len()
}
