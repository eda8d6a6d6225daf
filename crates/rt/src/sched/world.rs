//! Stopping the world: every P comes to a halt, so that one M may look at everything.
//!
//! - An M with a P halts in place ([`stop_here`]): in the scheduler's loop, where a
//!   preempted goroutine lands, or in a runtime call that finds the world stopping.
//! - A P left behind by a system call, or idle, is taken out of circulation.
//! - Ms in Go code are interrupted until they comply; code between two Go instructions is
//!   short, so asking again after a moment is enough.

use super::g::{self, G, Status};
use super::idle::take_idle_p;
use super::m::{M, here};
use super::p::{P, PStatus};
use super::threads::start_m;
use super::{MAX_PROCS, PS, SCHED, Shared, preempt};
use crate::futex::{futex_wait, futex_wake};
use crate::metrics;
use crate::sync::Lock;
use crate::time::nanotime;
use crate::tracer::{self, Text};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Held by whoever stops the world.
static STOPPER: Lock = Lock::new();
const ASK_AGAIN: Duration = Duration::from_micros(100);

/// Halts this M until the world runs again. Its P stays with it.
///
/// # Safety
/// The M is this thread's and has a P.
pub unsafe fn stop_here(m: *mut M) {
    // SAFETY: see above.
    let p = unsafe { &*(*m).p };
    let epoch = SCHED.world_epoch.load(Ordering::SeqCst);
    // SAFETY: see above.
    unsafe { tracer::proc_halt(m) };
    p.set_status(PStatus::Stopped);
    SCHED.stop_wait.fetch_sub(1, Ordering::SeqCst);
    futex_wake(&SCHED.stop_wait, 1);
    while SCHED.world_epoch.load(Ordering::SeqCst) == epoch {
        futex_wait(&SCHED.world_epoch, epoch, None);
    }
    p.set_status(PStatus::Running);
    // SAFETY: see above.
    unsafe {
        tracer::proc_resume(m);
        if is_dying(p) {
            leave_soon(m);
        }
    }
}

/// Whether GOMAXPROCS became too small for a P that is still in use.
pub fn is_dying(p: &P) -> bool {
    p.id >= SCHED.gomaxprocs.load(Ordering::Relaxed)
}

/// If this M halted in a runtime call of a goroutine, that one leaves it where the call
/// returns, and continues on another P. Go code must not see the number of a dying P: it
/// indexes what has GOMAXPROCS elements.
unsafe fn leave_soon(m: *mut M) {
    // SAFETY: the M is this thread's; its goroutine is in a runtime call.
    unsafe {
        let g = (*m).g.load(Ordering::Relaxed);
        if !g.is_null() {
            (*g).context.preempt_late = 1;
        }
    }
}

/// A stopped world; running again when dropped.
pub struct Stopped {
    /// When this M began to stop it, once nobody else did, and when it stood.
    began_ns: i64,
    stood_ns: i64,
    /// Whether an M has halted in place, and waits.
    halted: bool,
    /// It runs again.
    ended: bool,
    /// For the collector; None: for the tracer itself, which does not count.
    by_collector: Option<bool>,
}

/// Stops the world. Waits for its turn if another M is doing so.
///
/// # Safety
/// On an M with a P, in a runtime call (`sched_sp` of the goroutine is valid).
pub unsafe fn stop() -> Stopped {
    // SAFETY: see above.
    unsafe { stop_for(Some(Text::StopUnknown)) }
}

/// As [`stop`], with what execution traces say about it (nothing, for the tracer itself).
///
/// # Safety
/// As for [`stop`].
pub unsafe fn stop_for(why: Option<Text>) -> Stopped {
    // SAFETY: see above.
    unsafe {
        let m = here();
        while !STOPPER.try_lock() {
            if SCHED.stopping.load(Ordering::SeqCst) {
                stop_here(m);
            } else {
                std::thread::yield_now();
            }
        }
        tracer::stop_begin(why);
        let own = (*m).p;
        let (began_ns, idle) = SCHED.with(|shared| {
            let began_ns = nanotime();
            let alive = SCHED
                .all_procs()
                .filter(|p| p.status() != PStatus::Dead)
                .count();
            SCHED.stop_wait.store(alive as u32 - 1, Ordering::SeqCst);
            SCHED.stopping.store(true, Ordering::SeqCst);
            while let Some(p) = take_idle_p(shared) {
                (*p).set_status(PStatus::Stopped);
                shared.stopped_ps.push(p);
                SCHED.stop_wait.fetch_sub(1, Ordering::SeqCst);
            }
            (began_ns, shared.stopped_ps.len() + 1 == alive)
        });
        loop {
            let left = SCHED.stop_wait.load(Ordering::SeqCst);
            if left == 0 {
                return Stopped {
                    began_ns,
                    stood_ns: nanotime(),
                    halted: !idle,
                    ended: false,
                    by_collector: why.map(Text::is_collection),
                };
            }
            for p in SCHED.all_procs().filter(|p| !std::ptr::eq(*p, own)) {
                ask(p);
            }
            let left = SCHED.stop_wait.load(Ordering::SeqCst);
            if left != 0 {
                futex_wait(&SCHED.stop_wait, left, Some(ASK_AGAIN));
            }
        }
    }
}

fn ask(p: &'static P) {
    match p.status() {
        PStatus::Syscall if p.claim.take_away(PStatus::Stopped) => {
            // SAFETY: the change of status made the P ours.
            unsafe { tracer::proc_steal(p) };
            let p = std::ptr::from_ref(p).cast_mut();
            SCHED.with(|shared| shared.stopped_ps.push(p));
            SCHED.stop_wait.fetch_sub(1, Ordering::SeqCst);
        }
        PStatus::Running => {
            let m = p.m.load(Ordering::Acquire);
            if !m.is_null() {
                preempt::request(m);
            }
        }
        _ => {}
    }
}

impl Stopped {
    /// When this M began to stop it, ns of `nanotime`.
    pub fn began_ns(&self) -> i64 {
        self.began_ns
    }

    /// Lets the world run, and says since when it does.
    pub fn end(mut self) -> i64 {
        self.run()
    }

    fn run(&mut self) -> i64 {
        self.ended = true;
        // SAFETY: this M has stopped the world and has its P still.
        unsafe { tracer::stop_end() };
        let stopped = SCHED.with(|shared| {
            SCHED.stopping.store(false, Ordering::SeqCst);
            std::mem::take(&mut shared.stopped_ps)
        });
        SCHED.world_epoch.fetch_add(1, Ordering::SeqCst);
        if self.halted {
            futex_wake(&SCHED.world_epoch, i32::MAX);
        }
        for p in stopped {
            restart(p);
        }
        let runs_ns = nanotime();
        STOPPER.unlock();
        if let Some(by_collector) = self.by_collector {
            let stopping_ns = self.stood_ns - self.began_ns;
            metrics::note_stop(by_collector, stopping_ns, runs_ns - self.began_ns);
        }
        // Whoever became ready meanwhile found no idle P, and an M that waited for the
        // network or a timer may have found none and gone to sleep.
        if super::wake::work_somewhere()
            || super::proc::earliest_timer() != 0
            || crate::netpoll::has_waiters()
        {
            super::wake::wake_p();
        }
        runs_ns
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        if !self.ended {
            self.run();
        }
    }
}

fn restart(p: *mut P) {
    // SAFETY: a P out of circulation is ours.
    if unsafe { (*p).queue.is_empty() } {
        SCHED.with(|shared| super::idle::put_idle_p(shared, p));
        if SCHED.global_len.load(Ordering::SeqCst) != 0 {
            super::wake::start_idle_p();
        }
    } else {
        start_m(p, false);
    }
}

/// Makes the first `n` Ps the ones in use, with the world stopped or not yet running. New
/// ones become idle; those that go are given up by their Ms at the next opportunity
/// ([`retire_dying`]), or here if they have none.
pub fn set_procs(n: usize, first_is_ours: bool) {
    let n = n.clamp(1, MAX_PROCS);
    let stopping = SCHED.stopping.load(Ordering::SeqCst);
    for (id, slot) in PS[..n].iter().enumerate() {
        if slot.load(Ordering::Relaxed).is_null() {
            slot.store(Box::into_raw(Box::new(P::new(id))), Ordering::Release);
            // Only now: sysmon looks at those that exist whenever it likes.
            SCHED.existing.store(id + 1, Ordering::SeqCst);
        }
    }
    SCHED.gomaxprocs.store(n, Ordering::SeqCst);
    SCHED.with(|shared| {
        for (i, slot) in PS[..n].iter().enumerate() {
            let p = slot.load(Ordering::Relaxed);
            // SAFETY: Ps are never freed; a dead one belongs to nobody.
            let dead = unsafe { (*p).status() == PStatus::Dead };
            if !dead || i == 0 && first_is_ours {
                continue;
            }
            if stopping {
                // SAFETY: as above.
                unsafe { (*p).set_status(PStatus::Stopped) };
                shared.stopped_ps.push(p);
            } else {
                super::idle::put_idle_p(shared, p);
            }
        }
        // SAFETY: Ps out of circulation are ours.
        let (go, stay): (Vec<_>, _) = std::mem::take(&mut shared.stopped_ps)
            .into_iter()
            .partition(|p| unsafe { is_dying(&**p) });
        shared.stopped_ps = stay;
        for p in go {
            bury(shared, p);
        }
    });
}

/// Takes a P without an M out of use; what it held goes to the others.
pub fn bury(shared: &mut Shared, p: *mut P) {
    // SAFETY: the caller owns the P; the first P is always in use.
    unsafe {
        (*p).set_status(PStatus::Dead);
        for g in (*p).queue.drain() {
            shared.global.push(g);
        }
        SCHED
            .global_len
            .store(shared.global.len(), Ordering::Release);
        let first = PS[0].load(Ordering::Relaxed);
        crate::memory::move_timers(&(*p).timers, &(*first).timers);
    }
}

/// If this M's P is out of use, gives it up and waits for another; true if it was.
/// (If the world is to stop, it must halt with the old one first.)
///
/// # Safety
/// The M is this thread's and has a P; it runs no goroutine.
pub unsafe fn retire_dying(m: *mut M) -> bool {
    // SAFETY: see above.
    unsafe {
        if !is_dying(&*(*m).p) {
            return false;
        }
        let buried = SCHED.with(|shared| {
            // A world that stops counts on this P until it halts.
            if SCHED.stopping.load(Ordering::SeqCst) {
                return false;
            }
            let p = super::idle::release(m);
            bury(shared, p);
            true
        });
        if !buried {
            return true;
        }
        super::wake::stop_spinning(m);
        super::wake::wake_p();
        super::threads::stop_m(m);
        true
    }
}

/// Calls `f` for every goroutine that is alive, with the world stopped.
pub fn for_each_live(_world: &Stopped, mut f: impl FnMut(*mut G)) {
    g::for_each(|g| {
        // SAFETY: Gs are never freed.
        if unsafe { (*g).status() } != Status::Dead {
            f(g);
        }
    });
}
