//! The watcher: a thread without a P that preempts goroutines which run too long, takes Ps
//! from Ms that stay in system calls, and polls the network when nobody else does.

use super::idle::hand_off;
use super::p::PStatus;
use super::proc::{earliest_timer, inject};
use super::{SCHED, preempt};
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

// What the watcher does ([`SCHED.sysmon_rests`](super::Sched::sysmon_rests)).
/// It looks around, or pauses by itself.
pub const AWAKE: u32 = 0;
/// It wakes for system calls, and soon by itself.
const DOZES: u32 = 1;
/// It wakes for whatever runs.
const SLEEPS: u32 = 2;

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
    let mut seen = Vec::new();
    let mut pauses = Pauses::default();
    loop {
        pauses.pause();
        let now = time::nanotime();
        super::trace::tick(now);
        tracer::tick(now);
        poll_if_neglected(now);
        let looked = retake(now, &mut seen);
        pauses.found(&looked);
        crate::memory::periodic(now);
        crate::profile::cpu::periodic(now);
        super::processors::periodic(now);
    }
}

/// How long the watcher looks away.
///
/// Short pauses are for Ps in system calls. They become longer if nothing comes of them, and
/// end when all Ps are idle: then it dozes, that is, its pauses are long, and a system call
/// whose P may be needed ends them. (A program that is idle for a moment every now and then
/// would otherwise have this thread awake for much of the time, which costs a processor that
/// its goroutines could have. Goroutines that run too long are noticed between two naps.)
/// When nothing has run during a nap, it sleeps until something does.
#[derive(Default)]
struct Pauses {
    /// Since it last was of use.
    rounds: u32,
    pause_us: u64,
    dozes: bool,
    /// A preemption was asked for.
    asked: bool,
    /// Goroutines that had run before the last nap.
    ran: u32,
}

impl Pauses {
    fn pause(&mut self) {
        if self.rounds == 0 {
            self.pause_us = SHORTEST_US;
        } else if self.rounds > PATIENCE {
            self.pause_us = (self.pause_us * 2).min(LONGEST_US);
        }
        let asked_us = if self.asked { ASK_AGAIN_US } else { LONGEST_US };
        let pause = Duration::from_micros(self.pause_us.min(asked_us));
        if !self.dozes {
            std::thread::sleep(pause);
        } else if wait(DOZES, pause) {
            self.rounds = 0;
            self.dozes = false;
            return;
        }
        if everything_idle() {
            self.rest();
        }
    }

    fn rest(&mut self) {
        let before = std::mem::replace(&mut self.ran, goroutines_run());
        // A world that starts again wakes nobody.
        let stopping = SCHED.stopping.load(Ordering::Relaxed);
        if self.dozes && self.ran == before && !stopping {
            wait(SLEEPS, Duration::from_secs(30));
        }
        self.dozes = true;
        self.rounds = PATIENCE + 1;
        self.pause_us = LONGEST_US;
    }

    fn found(&mut self, looked: &Looked) {
        self.asked = looked.asked;
        if looked.retaken > 0 {
            self.rounds = 0;
            self.dozes = false;
        } else {
            self.rounds = self.rounds.saturating_add(1);
        }
    }
}

fn everything_idle() -> bool {
    if super::trace::is_on() || tracer::is_on() {
        return false;
    }
    SCHED.stopping.load(Ordering::Relaxed) || all_ps_idle()
}

fn all_ps_idle() -> bool {
    let n = SCHED.gomaxprocs.load(Ordering::Relaxed) as i32;
    SCHED.idle_ps.load(Ordering::SeqCst) == n
}

/// Whether it was woken.
fn wait(how: u32, timeout: Duration) -> bool {
    SCHED.sysmon_rests.store(how, Ordering::SeqCst);
    let mut woken = false;
    let work = || crate::memory::finalizers_may_come() || crate::memory::stacks_are_pending();
    if how == DOZES || all_ps_idle() && !work() {
        woken = SCHED.sysmon.park_timeout(timeout);
    }
    SCHED.sysmon_rests.store(AWAKE, Ordering::SeqCst);
    woken
}

/// A number that grows when a goroutine begins to run.
fn goroutines_run() -> u32 {
    let ticks = |p: &super::p::P| p.schedule_tick.load(Ordering::Relaxed);
    SCHED.all_procs().map(ticks).fold(0, u32::wrapping_add)
}

/// An idle P is going to be used: wakes the watcher if it sleeps.
#[inline]
pub fn a_p_leaves_the_idle_list() {
    if SCHED.sysmon_rests.load(Ordering::SeqCst) == SLEEPS {
        wake_up();
    }
}

/// A system call has begun: wakes the watcher if it rests and somebody may come to need the
/// P, for what is in its queue or because there is no other.
#[inline]
pub fn a_system_call_begins(p: &super::p::P) {
    if SCHED.sysmon_rests.load(Ordering::SeqCst) != AWAKE
        && (!p.queue.is_empty()
            || SCHED.idle_ps.load(Ordering::Relaxed) + SCHED.spinning.load(Ordering::Relaxed) == 0)
    {
        wake_up();
    }
}

/// Wakes the watcher if it rests.
pub fn rouse() {
    if SCHED.sysmon_rests.load(Ordering::SeqCst) != AWAKE {
        wake_up();
    }
}

#[cold]
fn wake_up() {
    if SCHED.sysmon_rests.swap(AWAKE, Ordering::AcqRel) != AWAKE {
        SCHED.sysmon.unpark();
    }
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
        super::wake::wake_p();
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

fn retake(now: i64, seen: &mut Vec<Seen>) -> Looked {
    let mut looked = Looked::default();
    for p in SCHED.all_procs() {
        if seen.len() == p.id {
            seen.push(Seen::default());
        }
        let seen = &mut seen[p.id];
        match p.status() {
            PStatus::Running => looked.asked |= preempt_if_long(p, now, seen),
            PStatus::Syscall if retake_from_syscall(p, now, seen) => looked.retaken += 1,
            PStatus::Syscall => _ = preempt_if_long(p, now, seen),
            // Whatever runs here next begins later, even if it counts as a continuation.
            _ => seen.schedule_ns = now,
        }
    }
    looked
}

/// Whether it asked for a preemption.
fn preempt_if_long(p: &super::p::P, now: i64, seen: &mut Seen) -> bool {
    let tick = p.schedule_tick.load(Ordering::Relaxed);
    if seen.schedule_tick != tick || seen.schedule_ns == 0 {
        seen.schedule_tick = tick;
        seen.schedule_ns = now;
        return false;
    }
    if seen.schedule_ns + SLICE_NS > now {
        return false;
    }
    // For those whom the signal does not reach: a goroutine in one of many short system calls,
    // and goroutines that go on one after the other in what is left of a slice while the P
    // goes from one M, which ends, to the next.
    p.preempt.store(true, Ordering::Relaxed);
    let m = p.m.load(Ordering::Acquire);
    if m.is_null() {
        return false;
    }
    preempt::request(m);
    true
}

fn retake_from_syscall(p: &'static super::p::P, now: i64, seen: &mut Seen) -> bool {
    let tick = p.claim.syscall_tick();
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
    if !p.claim.take_away(PStatus::Idle) {
        return false;
    }
    // SAFETY: the change of status made the P ours.
    unsafe { tracer::proc_steal(p) };
    p.claim.count();
    hand_off(std::ptr::from_ref(p).cast_mut());
    true
}
