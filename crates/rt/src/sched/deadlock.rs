//! "all goroutines are asleep": nothing runs, and nothing can make anything run.

use super::g::{self, Status};
use super::{SCHED, Shared};
use crate::fatal;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Off for programs that live in a Rust process (tests, the library).
pub static ENABLED: AtomicBool = AtomicBool::new(false);
/// Goroutines that wait for a signal: the world outside may still act.
pub static SIGNAL_WAITERS: AtomicUsize = AtomicUsize::new(0);

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Something can still happen.
    Alive,
    /// Every goroutine waits for another.
    AllAsleep,
    /// There is none but the runtime's own.
    NoGoroutines,
}

/// Called with the scheduler locked, by an M that is going to sleep.
pub fn check(shared: &Shared) -> Verdict {
    let idle = shared.idle_ms.len() as isize + shared.idle_locked_ms;
    let running = shared.m_count as isize - idle;
    if running > 0
        || !ENABLED.load(Ordering::Relaxed)
        || SCHED.stopping.load(Ordering::SeqCst)
        || SIGNAL_WAITERS.load(Ordering::SeqCst) > 0
        || crate::tracer::is_in_use()
        || crate::memory::finalizers_may_come()
        || !shared.global.is_empty()
    {
        return Verdict::Alive;
    }
    if SCHED
        .procs()
        .any(|p| !p.timers.is_empty() || !p.queue.is_empty())
    {
        return Verdict::Alive;
    }
    let (mut waiting, mut active) = (0, 0);
    g::for_each(|g| {
        // SAFETY: Gs are never freed; the status is atomic.
        match unsafe { ((*g).system, (*g).status()) } {
            (true, _) | (_, Status::Dead) => {}
            (_, Status::Waiting) => waiting += 1,
            _ => active += 1,
        }
    });
    match (active, waiting) {
        (0, 0) => Verdict::NoGoroutines,
        (0, _) => Verdict::AllAsleep,
        _ => Verdict::Alive,
    }
}

/// Ends the process if the verdict says so. Called without locks.
pub fn report(verdict: Verdict) {
    match verdict {
        Verdict::Alive => {}
        Verdict::AllAsleep => fatal::throw_all("all goroutines are asleep - deadlock!"),
        Verdict::NoGoroutines => {
            fatal::throw_all("no goroutines (main called runtime.Goexit) - deadlock!")
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_all_dead() {
    fatal::throw_all("no goroutines (main called runtime.Goexit) - deadlock!")
}
