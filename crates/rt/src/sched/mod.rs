//! Goroutines (G), threads (M) and the right to run Go code (P), in Go's terms.
//!
//! - Every M is a thread that runs [`proc::schedule`]'s loop on its own stack; a goroutine
//!   runs inside one call of `fiber::execute`, and comes back by returning from it with a
//!   [`m::Leave`] that says why.
//! - An M needs a P to run Go code; there are GOMAXPROCS of them.
//! - A G is in at most one place: running on an M, in a run queue, or held by what it waits
//!   for. Whoever takes it from there owns it.

pub mod bubble;
pub mod burial;
mod cgroup;
pub mod deadlock;
pub mod free;
pub mod freeze;
pub mod g;
pub mod idle;
pub mod lifecycle;
pub mod m;
pub mod p;
mod p_status;
pub mod park;
pub mod preempt;
pub mod proc;
pub mod processors;
mod reading;
pub mod runq;
pub mod syscall;
pub mod sysmon;
pub mod threads;
pub mod trace;
pub mod wake;
pub mod world;

use crate::sync::{Lock, Parker};
use g::GList;
use m::M;
use p::P;
use std::sync::atomic::{
    AtomicBool, AtomicI32, AtomicI64, AtomicPtr, AtomicU32, AtomicUsize, Ordering,
};

/// Most Ps there can be: as many as timers have bits for in the word for their place, and more
/// than the kernel can give processors. (In Go memory is the limit.)
pub const MAX_PROCS: usize = 1 << 16;

/// All Ps; the first `gomaxprocs` are in use. Apart from the rest, which is not zero at first,
/// so that the table takes no room in the executable, nor in memory where it is not used.
pub static PS: [AtomicPtr<P>; MAX_PROCS] =
    [const { AtomicPtr::new(std::ptr::null_mut()) }; MAX_PROCS];

/// The scheduler's shared state. `lock` guards the fields in [`Shared`].
pub struct Sched {
    /// Guards `shared`.
    pub lock: Lock,
    shared: std::cell::UnsafeCell<Shared>,
    /// Ps that exist, in use or not.
    pub existing: AtomicUsize,
    /// GOMAXPROCS.
    pub gomaxprocs: AtomicUsize,
    /// Length of the global queue.
    pub global_len: AtomicUsize,
    /// Idle Ps.
    pub idle_ps: AtomicI32,
    /// Ms that look for work.
    pub spinning: AtomicI32,
    /// The world is to stop.
    pub stopping: AtomicBool,
    /// Ps that still run while it stops.
    pub stop_wait: AtomicU32,
    /// Grows when the world starts again.
    pub world_epoch: AtomicU32,
    /// When the network was last polled; 0 while an M blocks in it.
    pub last_poll_ns: AtomicI64,
    /// When the M that blocks in the poller wakes by itself; 0: no limit.
    pub poll_until_ns: AtomicI64,
    /// Whether sysmon rests, because nothing runs, and what it is to be woken for.
    pub sysmon_rests: AtomicU32,
    /// Where it sleeps.
    pub sysmon: Parker,
    /// Goroutines made by threads without a P; Ps count the others.
    pub made_outside: AtomicUsize,
}

/// What `Sched::lock` guards.
pub struct Shared {
    /// Runnable goroutines that belong to no P.
    pub global: GList,
    /// Ps without an M.
    pub idle_ps: Vec<*mut P>,
    /// Ms without a P, asleep.
    pub idle_ms: Vec<*mut M>,
    /// Ms that exist.
    pub m_count: usize,
    /// Ms asleep because their locked G is not running.
    pub idle_locked_ms: isize,
    /// Ps taken out of circulation by a stop of the world.
    pub stopped_ps: Vec<*mut P>,
}

// SAFETY: `shared` is reached through `lock` only.
unsafe impl Sync for Sched {}
// SAFETY: as above.
unsafe impl Send for Shared {}

/// The scheduler.
pub static SCHED: Sched = Sched {
    lock: Lock::new(),
    shared: std::cell::UnsafeCell::new(Shared {
        global: GList::new(),
        idle_ps: Vec::new(),
        idle_ms: Vec::new(),
        m_count: 0,
        idle_locked_ms: 0,
        stopped_ps: Vec::new(),
    }),
    existing: AtomicUsize::new(0),
    gomaxprocs: AtomicUsize::new(0),
    global_len: AtomicUsize::new(0),
    idle_ps: AtomicI32::new(0),
    spinning: AtomicI32::new(0),
    stopping: AtomicBool::new(false),
    stop_wait: AtomicU32::new(0),
    world_epoch: AtomicU32::new(0),
    last_poll_ns: AtomicI64::new(1),
    poll_until_ns: AtomicI64::new(0),
    sysmon_rests: AtomicU32::new(sysmon::AWAKE),
    sysmon: Parker::new(),
    made_outside: AtomicUsize::new(0),
};

impl Sched {
    /// Runs `f` with the lock held.
    pub fn with<R>(&self, f: impl FnOnce(&mut Shared) -> R) -> R {
        self.lock.lock();
        // SAFETY: the lock is held, and `f` cannot keep the reference.
        let r = f(unsafe { &mut *self.shared.get() });
        self.lock.unlock();
        r
    }

    /// The P of this number, which exists.
    #[inline]
    pub fn proc(&self, id: usize) -> &'static P {
        // SAFETY: those that exist are never freed.
        unsafe { &*PS[id].load(Ordering::Acquire) }
    }

    /// The Ps in use.
    pub fn procs(&self) -> impl Iterator<Item = &'static P> + '_ {
        self.first_procs(self.gomaxprocs.load(Ordering::Acquire))
    }

    /// The Ps that exist.
    pub fn all_procs(&self) -> impl Iterator<Item = &'static P> + '_ {
        self.first_procs(self.existing.load(Ordering::Acquire))
    }

    fn first_procs(&self, n: usize) -> impl Iterator<Item = &'static P> + '_ {
        (0..n).map(|id| self.proc(id))
    }
}
