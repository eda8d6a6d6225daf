//! `GODEBUG=schedtrace=N,scheddetail=1`: the scheduler's state every N ms, in Go's lines.

use super::g::{self, Status};
use super::{SCHED, m};
use crate::environment;
use crate::{fatal, time};
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, Ordering};

static PERIOD_NS: AtomicI64 = AtomicI64::new(0);
static START_NS: AtomicI64 = AtomicI64::new(0);
static LAST_NS: AtomicI64 = AtomicI64::new(0);
static DETAIL: AtomicI64 = AtomicI64::new(0);

/// Reads the settings.
pub fn initialize() {
    let now = time::nanotime();
    START_NS.store(now, Ordering::Relaxed);
    DETAIL.store(environment::debug("scheddetail"), Ordering::Relaxed);
    PERIOD_NS.store(
        environment::debug("schedtrace") * 1_000_000,
        Ordering::Relaxed,
    );
}

/// Whether it is on: then sysmon must not sleep.
pub fn is_on() -> bool {
    PERIOD_NS.load(Ordering::Relaxed) > 0
}

/// Prints if it is time to.
pub fn tick(now: i64) {
    let period = PERIOD_NS.load(Ordering::Relaxed);
    if period > 0 && LAST_NS.load(Ordering::Relaxed) + period <= now {
        LAST_NS.store(now, Ordering::Relaxed);
        print(now, DETAIL.load(Ordering::Relaxed) > 0);
    }
}

fn print(now: i64, detailed: bool) {
    let mut out = String::new();
    SCHED.with(|shared| {
        let _ = write!(
            out,
            "SCHED {}ms: gomaxprocs={} idleprocs={} threads={} spinningthreads={} \
             needspinning=0 idlethreads={} runqueue={}",
            (now - START_NS.load(Ordering::Relaxed)) / 1_000_000,
            SCHED.gomaxprocs.load(Ordering::Relaxed),
            SCHED.idle_ps.load(Ordering::Relaxed),
            // sysmon's thread counts in Go.
            shared.m_count + 1,
            SCHED.spinning.load(Ordering::Relaxed),
            shared.idle_ms.len(),
            shared.global.len(),
        );
        if detailed {
            let _ = writeln!(
                out,
                " gcwaiting={} nmidlelocked={} stopwait={} sysmonwait=false",
                SCHED.stopping.load(Ordering::Relaxed),
                shared.idle_locked_ms,
                SCHED.stop_wait.load(Ordering::Relaxed),
            );
        }
    });
    if detailed {
        details(&mut out)
    } else {
        queues(&mut out)
    }
    fatal::write_stderr(out.as_bytes());
}

fn queues(out: &mut String) {
    out.push_str(" [");
    for p in SCHED.procs() {
        let _ = write!(out, " {}", p.queue.len());
    }
    out.push_str(" ] schedticks=[ ");
    for p in SCHED.procs() {
        let _ = write!(out, "{} ", p.schedule_tick.load(Ordering::Relaxed));
    }
    out.push_str("]\n");
}

/// An id, or nil.
fn id(out: &mut String, label: &str, id: Option<u64>) {
    let _ = match id {
        Some(n) => write!(out, "{label}{n}"),
        None => write!(out, "{label}nil"),
    };
}

fn details(out: &mut String) {
    for p in SCHED.procs() {
        let _ = write!(
            out,
            "  P{}: status={} schedtick={} syscalltick={}",
            p.id,
            p.status() as u32,
            p.schedule_tick.load(Ordering::Relaxed),
            p.claim.syscall_tick(),
        );
        // SAFETY: Ms are never freed.
        let m = unsafe { p.m.load(Ordering::Acquire).as_ref() };
        id(out, " m=", m.map(|m| m.id as u64));
        let free = p.free_gs.load(Ordering::Relaxed);
        let (timers, queue) = (p.timers.len(), p.queue.len());
        let _ = writeln!(out, " runqsize={queue} gfreecnt={free} timerslen={timers}");
    }
    let mut ms = Vec::new();
    m::for_each(|m| ms.push(m));
    // As in Go, the latest first.
    for m in ms.into_iter().rev() {
        // SAFETY: Ms, Ps and Gs are never freed; what is read may be a moment old.
        unsafe {
            let _ = write!(out, "  M{}:", (*m).id);
            id(out, " p=", (*m).p.as_ref().map(|p| p.id as u64));
            id(
                out,
                " curg=",
                (*m).g
                    .load(Ordering::Acquire)
                    .as_ref()
                    .map(|g| g.context.goid),
            );
            let (pins, spins) = ((*m).context.pins, (*m).spinning);
            let blocked = (*m).blocked.load(Ordering::Relaxed);
            let _ = write!(
                out,
                " mallocing=0 throwing=0 preemptoff= locks={pins} dying=0 spinning={spins} \
                 blocked={blocked}"
            );
            id(
                out,
                " lockedg=",
                (*m).locked_g.as_ref().map(|g| g.context.goid),
            );
        }
        out.push('\n');
    }
    g::for_each(|g| {
        // SAFETY: as above.
        unsafe {
            let status = match (*g).status() {
                Status::Dead => 6,
                Status::Runnable => 1,
                Status::Running => 2,
                Status::Syscall => 3,
                Status::Waiting => 4,
            };
            let reason = (*g).wait_reason.text();
            let _ = write!(out, "  G{}: status={status}({reason})", (*g).context.goid);
            let m = ((*g).context.m as *const m::M).as_ref();
            let m = m.filter(|_| (*g).status() == Status::Running);
            id(out, " m=", m.map(|m| m.id as u64));
            id(
                out,
                " lockedm=",
                (*g).locked_m.as_ref().map(|m| m.id as u64),
            );
        }
        out.push('\n');
    });
}
