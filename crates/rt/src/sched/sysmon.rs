//! The watcher: a thread without a P that preempts goroutines which run too long, takes Ps
//! from Ms that stay in system calls, and polls the network when nobody else does.

use super::idle::hand_off;
use super::p::PStatus;
use super::proc::{earliest_timer, inject};
use super::{MAX_PROCS, SCHED, preempt};
use crate::{netpoll, time, tracer};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A goroutine's time slice.
pub const SLICE_NS: i64 = 10_000_000;
const SHORTEST_US: u64 = 20;
const LONGEST_US: u64 = 10_000;
/// When a preemption was asked for that may not have found its goroutine in Go code.
const ASK_AGAIN_US: u64 = 1_000;
/// Rounds without a find before it begins to sleep longer.
const PATIENCE: u32 = 50;

/// What was seen of a P at the last look.
#[derive(Clone, Copy, Default)]
struct Seen {
    schedule_tick: u32,
    schedule_ns: i64,
    syscall_tick: u32,
    syscall_ns: i64,
}

/// Starts the thread.
pub fn start() {
    let thread = std::thread::Builder::new().stack_size(128 << 10);
    if let Err(e) = thread.spawn(|| watch()) {
        super::threads::cannot_create(&e);
    }
}

fn watch() -> ! {
    tracer::watcher_begins();
    crate::profile::tick::this_thread_watches();
    let mut seen = vec![Seen::default(); MAX_PROCS];
    let mut idle_rounds = 0u32;
    let mut pause_us = SHORTEST_US;
    let mut asked = false;
    loop {
        if idle_rounds == 0 {
            pause_us = SHORTEST_US;
        } else if idle_rounds > PATIENCE {
            pause_us = (pause_us * 2).min(LONGEST_US);
        }
        let pause_us_now = if asked {
            pause_us.min(ASK_AGAIN_US)
        } else {
            pause_us
        };
        std::thread::sleep(Duration::from_micros(pause_us_now));
        if everything_idle() {
            sleep_until_something_runs();
            idle_rounds = 0;
            pause_us = SHORTEST_US;
        }
        let now = time::nanotime();
        super::trace::tick(now);
        tracer::tick(now);
        poll_if_neglected(now);
        let looked = retake(now, &mut seen);
        asked = looked.asked;
        if looked.retaken > 0 {
            idle_rounds = 0;
        } else {
            idle_rounds += 1;
        }
        crate::memory::periodic(now);
        crate::profile::cpu::periodic(now);
    }
}

fn everything_idle() -> bool {
    if super::trace::is_on() || tracer::is_on() {
        return false;
    }
    let n = SCHED.gomaxprocs.load(Ordering::Relaxed) as i32;
    SCHED.stopping.load(Ordering::Relaxed) || SCHED.idle_ps.load(Ordering::SeqCst) == n
}

fn sleep_until_something_runs() {
    SCHED.sysmon_waiting.store(true, Ordering::SeqCst);
    if everything_idle() {
        // Idle Ps leave the list through `take_idle_p`, which wakes us; a stopped world
        // does not, so look again now and then.
        let stopping = SCHED.stopping.load(Ordering::Relaxed);
        let until = Duration::from_millis(if stopping { 1 } else { 30_000 });
        SCHED.sysmon.park_timeout(until);
    }
    SCHED.sysmon_waiting.store(false, Ordering::SeqCst);
}

fn poll_if_neglected(now: i64) {
    let last = SCHED.last_poll_ns.load(Ordering::SeqCst);
    if netpoll::is_ready() && last != 0 && last + SLICE_NS < now {
        let changed =
            SCHED
                .last_poll_ns
                .compare_exchange(last, now, Ordering::SeqCst, Ordering::SeqCst);
        if changed.is_ok() {
            let mut list = netpoll::poll(0);
            // SAFETY: the poller made these ours.
            unsafe { inject(&mut list) };
        }
    }
    let due = earliest_timer();
    if due != 0 && due < now {
        // Late: a P may be busy with a goroutine that cannot be preempted.
        super::idle::wake_p();
    }
}

/// What a look at all Ps led to.
#[derive(Default)]
struct Looked {
    /// Ps taken from system calls.
    retaken: usize,
    /// A preemption was asked for.
    asked: bool,
}

fn retake(now: i64, seen: &mut [Seen]) -> Looked {
    let mut looked = Looked::default();
    for p in SCHED.all_procs() {
        let seen = &mut seen[p.id];
        match p.status() {
            PStatus::Running => looked.asked |= preempt_if_long(p, now, seen),
            PStatus::Syscall if retake_from_syscall(p, now, seen) => looked.retaken += 1,
            PStatus::Syscall => _ = preempt_if_long(p, now, seen),
            _ => {}
        }
    }
    looked
}

/// Whether it asked for a preemption.
fn preempt_if_long(p: &super::p::P, now: i64, seen: &mut Seen) -> bool {
    let tick = p.schedule_tick.load(Ordering::Relaxed);
    if seen.schedule_tick != tick {
        seen.schedule_tick = tick;
        seen.schedule_ns = now;
        return false;
    }
    if seen.schedule_ns + SLICE_NS > now {
        return false;
    }
    let m = p.m.load(Ordering::Acquire);
    if m.is_null() {
        // Many short system calls: after the one that it is in.
        p.preempt.store(true, Ordering::Relaxed);
        return false;
    }
    preempt::request(m);
    true
}

fn retake_from_syscall(p: &'static super::p::P, now: i64, seen: &mut Seen) -> bool {
    let tick = p.syscall_tick.load(Ordering::Relaxed);
    if seen.syscall_tick != tick {
        seen.syscall_tick = tick;
        seen.syscall_ns = now;
        return false;
    }
    let others_look =
        SCHED.spinning.load(Ordering::Relaxed) + SCHED.idle_ps.load(Ordering::Relaxed) > 0;
    if p.queue.is_empty() && others_look && seen.syscall_ns + SLICE_NS > now {
        return false;
    }
    if !p.change_status(PStatus::Syscall, PStatus::Idle) {
        return false;
    }
    // SAFETY: the change of status made the P ours.
    unsafe { tracer::proc_steal(p) };
    p.syscall_tick.fetch_add(1, Ordering::Relaxed);
    hand_off(std::ptr::from_ref(p).cast_mut());
    true
}
