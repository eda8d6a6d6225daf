//! The scheduler's loop: find a goroutine, run it, see why it came back.

use super::g::{G, GList, Status};
use super::idle::{acquire, release, take_idle_p};
use super::m::{Leave, M};
use super::p::{P, PStatus};
use super::park::{put_global, put_last};
use super::threads::{start_locked_m, stop_locked_m, stop_m};
use super::wake::{go_idle, may_spin, start_spinning, stop_spinning, wake_p, wake_p_after_push};
use super::world::{retire_dying, stop_here};
use super::{SCHED, bubble, deadlock, lifecycle};
use crate::choice::{self, Choice};
use crate::profile::waits;
use crate::{memory, netpoll, time, tracer};
use goxide_fiber::{execute, resume_parked_address, resume_preempted_address};
use std::ptr;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Every so many goroutines the global queue is looked at first, so that it cannot starve.
const FAIRNESS_TICKS: u32 = 61;
/// Passes over all Ps when stealing; next slots and timers are touched in the last only.
const STEAL_PASSES: usize = 4;
/// What a goroutine in a next slot gets before it is taken elsewhere; the kernel makes some
/// 50 µs of it.
const MOMENT: Duration = Duration::from_micros(3);

/// Runs goroutines, until one ends that the M was locked to. Then the M has no P any more.
///
/// # Safety
/// The M is this thread's and has a P.
pub unsafe fn schedule(m: *mut M) {
    loop {
        // SAFETY: see above; `find_runnable` and `run` keep the M's state consistent.
        unsafe {
            if (*m).ends {
                return end(m);
            }
            if !(*m).locked_g.is_null() {
                run_locked(m);
                continue;
            }
            let (g, inherits) = find_runnable(m);
            if stop_spinning(m) {
                // It found work; another may have to take over.
                wake_p();
            }
            if !(*g).locked_m.is_null() && (*g).locked_m != m {
                start_locked_m(m, g);
                continue;
            }
            run(m, g, inherits);
        }
    }
}

/// Runs the first goroutine, which no other M is to get, until it leaves.
///
/// # Safety
/// The M is this thread's and has a P; `g` is runnable and in no queue.
pub unsafe fn run_first(m: *mut M, g: *mut G) {
    // SAFETY: see above.
    unsafe { run(m, g, false) }
}

/// Hands the P of a thread that ends over, and says that there is one thread less.
unsafe fn end(m: *mut M) {
    // SAFETY: as in `schedule`.
    unsafe {
        if !(*m).p.is_null() {
            give_up_p(m);
        }
        let verdict = SCHED.with(|shared| {
            shared.m_count -= 1;
            deadlock::check(shared)
        });
        deadlock::report(verdict);
    }
}

/// The turn of an M whose goroutine locked it: sleep until that one is runnable.
unsafe fn run_locked(m: *mut M) {
    // SAFETY: as in `schedule`.
    unsafe {
        stop_locked_m(m);
        let g = (*m).locked_g;
        run(m, g, false);
    }
}

/// Runs `g` until it leaves.
unsafe fn run(m: *mut M, g: *mut G, inherits: bool) {
    // SAFETY: the caller owns the runnable g; afterwards it is where `leave` says.
    unsafe {
        loop {
            (*g).set_status(Status::Running);
            (*g).wait_for_reader();
            if let Some(finish) = (*g).finish.take()
                && !finish(g)
            {
                return;
            }
            waits::resumes(g);
            G::begins_turn(g);
            (*g).context.m = m as usize;
            // Until `execute` has set it, nothing is known of this M's stack.
            (*g).context.system_sp = 0;
            (*g).context.cache = (*(*m).p).own().memory.address();
            (*g).context.gc_marking = usize::from(memory::heap().is_marking());
            (*g).context.preempt_late = 0;
            if !inherits {
                (*(*m).p).schedule_tick.fetch_add(1, Ordering::Relaxed);
                (*(*m).p).preempt.store(false, Ordering::Relaxed);
                (*m).preempt.store(false, Ordering::Relaxed);
            }
            (*m).g.store(g, Ordering::Release);
            tracer::go_start(m, g);
            (*m).leave = Leave::Stay;
            execute(&raw mut (*g).context);
            (*m).g.store(ptr::null_mut(), Ordering::Release);
            if !came_back(m, g) {
                return;
            }
        }
    }
}

/// Finishes what the goroutine left for; true if it is to go on at once.
unsafe fn came_back(m: *mut M, g: *mut G) -> bool {
    // SAFETY: the goroutine is off the M and ours until it is handed on.
    unsafe {
        tracer::go_leave(m, g);
        match (*m).leave {
            Leave::Stay => unreachable!("a goroutine came back without a reason"),
            Leave::Park {
                reason,
                commit,
                argument,
            } => {
                (*g).context.sched_pc = resume_parked_address();
                (*g).wait_reason = reason;
                (*g).set_status(Status::Waiting);
                waits::begins(g, reason);
                let bubble = if (*g).durable { bubble::of(g) } else { 0 };
                if let Some(commit) = commit
                    && !commit(g, argument)
                {
                    (*g).durable = false;
                    (*g).blocked_ns = [0; 2];
                    (*g).set_status(Status::Runnable);
                    return true;
                }
                if bubble != 0 {
                    bubble::less_busy(bubble);
                }
            }
            Leave::Yield => {
                (*g).set_status(Status::Runnable);
                let interrupted = (*g).context.sched_pc == resume_preempted_address();
                if interrupted || SCHED.global_len.load(Ordering::Relaxed) != 0 {
                    put_global(g);
                    wake_p();
                } else {
                    put_last(g);
                }
            }
            Leave::YieldLocal => {
                (*g).set_status(Status::Runnable);
                put_last(g);
            }
            Leave::NoP => {
                (*g).context.sched_pc = resume_parked_address();
                super::syscall::queue_without_p(m, g);
            }
            Leave::Exit => lifecycle::finished(m, g),
        }
    }
    false
}

/// A goroutine to run; blocks until there is one. True if it inherits the time slice.
unsafe fn find_runnable(m: *mut M) -> (*mut G, bool) {
    // SAFETY: as in `schedule`: the M has a P at the top of the loop.
    unsafe {
        loop {
            crate::memory::collect_if_periodic();
            super::processors::follow();
            if SCHED.stopping.load(Ordering::SeqCst) {
                stop_here(m);
            }
            if retire_dying(m) {
                continue;
            }
            let p = &*(*m).p;
            p.timers.run_due();
            if choice::seeded() {
                let g = take_any(p);
                if !g.is_null() {
                    return (g, false);
                }
            }
            if p.schedule_tick
                .load(Ordering::Relaxed)
                .is_multiple_of(FAIRNESS_TICKS)
            {
                let g = take_global(p, 1);
                if !g.is_null() {
                    return (g, false);
                }
            }
            let (g, inherits) = p.queue.pop();
            if !g.is_null() {
                if inherits && p.preempt.load(Ordering::Relaxed) {
                    // Goroutines that wake one another have used up their common slice,
                    // and sysmon's signal found none of them in Go code.
                    put_global(g);
                    (*m).preempt.store(false, Ordering::Relaxed);
                    p.preempt.store(false, Ordering::Relaxed);
                    continue;
                }
                // Of many, each has left the processor's caches since it last ran.
                G::prefetch(p.queue.hint());
                return (g, inherits);
            }
            let g = take_global(p, 0);
            if !g.is_null() {
                return (g, false);
            }
            let g = poll_now(p);
            if !g.is_null() {
                return (g, false);
            }
            if may_spin(m) {
                match steal(p) {
                    Stolen::G(g) => return (g, false),
                    Stolen::Again => continue,
                    Stolen::Nothing => {}
                }
            }
            if let Some(g) = go_idle(m) {
                return (g, false);
            }
        }
    }
}

/// Takes any of the goroutines in the P's queue and the global one: for seeded schedules,
/// which leave nothing to the order of the queues.
unsafe fn take_any(p: &P) -> *mut G {
    let mut all = p.queue.drain();
    SCHED.with(|shared| {
        while !shared.global.is_empty() {
            all.push(shared.global.pop());
        }
        SCHED.global_len.store(0, Ordering::Release);
    });
    if all.is_empty() {
        return ptr::null_mut();
    }
    let g = all.remove(choice::pick(Choice::Next, all.len() as u32) as usize);
    for other in all {
        p.queue.push(other, |rest| rest.for_each(put_global));
    }
    g
}

/// Takes from the global queue: one goroutine to run, and up to `max - 1` more (0: a fair
/// share) for the P's own queue.
unsafe fn take_global(p: &P, max: usize) -> *mut G {
    if SCHED.global_len.load(Ordering::Acquire) == 0 {
        return ptr::null_mut();
    }
    let mut batch = GList::new();
    SCHED.with(|shared| {
        let len = shared.global.len();
        let share = len / SCHED.gomaxprocs.load(Ordering::Relaxed) + 1;
        let n = if max == 0 { share.min(128) } else { max }.min(len);
        for _ in 0..n {
            batch.push(shared.global.pop());
        }
        SCHED
            .global_len
            .store(shared.global.len(), Ordering::Release);
    });
    let first = batch.pop();
    while !batch.is_empty() {
        p.queue.push(batch.pop(), |rest| rest.for_each(put_global));
    }
    first
}

/// Polls the network without waiting.
unsafe fn poll_now(p: &P) -> *mut G {
    if !netpoll::has_waiters() || SCHED.last_poll_ns.load(Ordering::Relaxed) == 0 {
        return ptr::null_mut();
    }
    let mut list = netpoll::poll(0);
    let g = list.pop();
    if !g.is_null() {
        // SAFETY: the poller made these ours, and this M owns the P.
        unsafe { inject_here(p, &mut list) };
    }
    g
}

/// Makes a list of runnable goroutines the P's, which other Ms may steal from.
unsafe fn inject_here(p: &P, list: &mut GList) {
    while !list.is_empty() {
        p.queue.push(list.pop(), |rest| rest.for_each(put_global));
    }
    wake_p_after_push();
}

enum Stolen {
    G(*mut G),
    Again,
    Nothing,
}

unsafe fn steal(p: &P) -> Stolen {
    let n = SCHED.gomaxprocs.load(Ordering::Acquire);
    let mut again = false;
    for pass in 0..STEAL_PASSES {
        let last = pass == STEAL_PASSES - 1;
        let start = choice::pick(Choice::Victim, n as u32) as usize;
        for i in 0..n {
            if SCHED.stopping.load(Ordering::SeqCst) {
                return Stolen::Again;
            }
            let victim = SCHED.proc((start + i) % n);
            if ptr::eq(victim, p) {
                continue;
            }
            if last && victim.timers.run_due() {
                again = true;
                let (g, _) = p.queue.pop();
                if !g.is_null() {
                    return Stolen::G(g);
                }
            }
            let mut g = victim.queue.steal(&p.queue, false);
            if g.is_null() && last && stays_next(victim) {
                g = victim.queue.steal(&p.queue, true);
            }
            if !g.is_null() {
                return Stolen::G(g);
            }
        }
    }
    if again {
        Stolen::Again
    } else {
        Stolen::Nothing
    }
}

/// Whether the goroutine in the P's next slot may be taken away. Mostly it was made ready by
/// one that is about to wait for it, and then its own P has it running long before another
/// one could; so it gets a moment. The thief goes on counting as spinning meanwhile, which
/// spares whoever makes goroutines ready the system call that would wake another.
fn stays_next(victim: &P) -> bool {
    let next = victim.queue.peek_next();
    if !next.is_null() && victim.status() == PStatus::Running {
        std::thread::sleep(MOMENT);
    }
    victim.queue.peek_next() == next
}

/// Sleeps in the poller or on the M's parker. Comes back with a P, and perhaps with a
/// goroutine.
///
/// # Safety
/// The M is this thread's, has no P and does not spin.
pub unsafe fn wait_for_work(m: *mut M, was_spinning: bool) -> Option<*mut G> {
    let until = SCHED.procs().map(|p| p.timers.settled_next_ns());
    let until = until.filter(|&w| w != 0).min().unwrap_or(0);
    // SAFETY: as in `schedule`; the M has no P.
    unsafe {
        let poller = netpoll::is_ready() && (netpoll::has_waiters() || until != 0);
        if poller && SCHED.last_poll_ns.swap(0, Ordering::SeqCst) != 0 {
            return wait_in_poller(m, until, was_spinning);
        }
        if until != 0 {
            netpoll::wake_for_timer(until);
        }
        stop_m(m);
        None
    }
}

unsafe fn wait_in_poller(m: *mut M, until: i64, was_spinning: bool) -> Option<*mut G> {
    SCHED.poll_until_ns.store(until, Ordering::SeqCst);
    // A timer added between our look at the heaps and the store was announced to nobody.
    let until = match (until, earliest_timer()) {
        (a, b) if a == 0 || b == 0 => a.max(b),
        (a, b) => a.min(b),
    };
    let timeout = if until == 0 {
        -1
    } else {
        (until - time::nanotime()).max(0)
    };
    let mut list = netpoll::poll(timeout);
    SCHED.poll_until_ns.store(0, Ordering::SeqCst);
    let now = time::nanotime();
    SCHED.last_poll_ns.store(now, Ordering::SeqCst);
    let timer_due = until != 0 && until <= now;
    // SAFETY: as in `schedule`.
    unsafe {
        let Some(p) = SCHED.with(take_idle_p) else {
            inject(&mut list);
            stop_m(m);
            return None;
        };
        acquire(m, p);
        let g = list.pop();
        if !g.is_null() {
            inject_here(&*p, &mut list);
            return Some(g);
        }
        // A timer of another P may be due whose M waits for a processor: if this one did not
        // look there, it would poll again and again, perhaps on that very processor.
        if was_spinning || timer_due {
            start_spinning(m);
        }
        None
    }
}

/// A time before which no timer of any P is due; 0: there is none.
pub fn earliest_timer() -> i64 {
    SCHED
        .procs()
        .map(|p| p.timers.next_ns())
        .filter(|&w| w != 0)
        .min()
        .unwrap_or(0)
}

/// Makes a list of runnable goroutines available to all, from any thread.
///
/// # Safety
/// The caller owns them.
pub unsafe fn inject(list: &mut GList) {
    let n = list.len();
    if n == 0 {
        return;
    }
    SCHED.with(|shared| {
        shared.global.append(list);
        SCHED
            .global_len
            .store(shared.global.len(), Ordering::Release);
    });
    for _ in 0..n {
        if SCHED.idle_ps.load(Ordering::SeqCst) == 0 {
            return;
        }
        let Some(p) = SCHED.with(take_idle_p) else {
            return;
        };
        super::threads::start_m(p, false);
    }
}

/// Leaves the P behind, for callers that are about to block the thread.
///
/// # Safety
/// The M is this thread's and has a P.
pub unsafe fn give_up_p(m: *mut M) {
    // SAFETY: see above.
    unsafe {
        let p = release(m);
        super::idle::hand_off(p);
    }
}
