//! The CPU profile: a timer for each thread, on that thread's CPU time (POSIX timers; the
//! clock's number is made from the thread id, as pthread_getcpuclockid(3) does it).
//!
//! Threads that run goroutines and come later say so; others (they mark) are found by sysmon,
//! which looks for them now and then while a profile is made.

use super::ring::Ring;
use crate::fatal;
use goxide_abi::CpuSample;
use std::ops::Range;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ticks per second of CPU time; 0: no profile is made.
static RATE: AtomicUsize = AtomicUsize::new(0);
/// Made with the first profile, and kept.
static RING: AtomicPtr<Ring> = AtomicPtr::new(std::ptr::null_mut());
/// When sysmon looked for threads last.
static LOOKED_NS: AtomicI64 = AtomicI64::new(0);
const LOOK_NS: i64 = 200_000_000;

static TIMERS: Mutex<Timers> = Mutex::new(Timers {
    threads: Vec::new(),
    process: false,
});

struct Timers {
    threads: Vec<(i32, Timer)>,
    /// There is an interval timer for the process instead: the system has no others.
    process: bool,
}

struct Timer(libc::timer_t);
// SAFETY: timers belong to the process.
unsafe impl Send for Timer {}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: made by `Timers::add`, which nobody else knows.
        unsafe { libc::timer_delete(self.0) };
    }
}

/// Whether a profile is being made.
#[inline]
pub fn is_on() -> bool {
    RATE.load(Ordering::Relaxed) != 0
}

/// The ring, once there was a profile.
pub(super) fn ring() -> Option<&'static Ring> {
    // SAFETY: never freed.
    unsafe { RING.load(Ordering::Acquire).as_ref() }
}

/// Where labels of samples lie that have not been read.
pub fn root_range() -> Range<usize> {
    ring().map_or(0..0, Ring::root_range)
}

fn timers() -> MutexGuard<'static, Timers> {
    TIMERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[unsafe(no_mangle)]
extern "C" fn goxide_cpu_profile_rate(hz: usize) {
    let mut timers = timers();
    if hz == 0 {
        RATE.store(0, Ordering::Relaxed);
        timers.remove_all();
        return;
    }
    if RING.load(Ordering::Relaxed).is_null() {
        RING.store(Box::into_raw(Box::new(Ring::new())), Ordering::Release);
    }
    crate::signal::set_up_profiling();
    RATE.store(hz, Ordering::Relaxed);
    crate::tracer::samples::prepare();
    timers.cover(hz);
    if timers.threads.is_empty() {
        timers.time_process(hz);
    }
}

/// A thread begins.
pub fn thread_starts() {
    if !is_on() {
        return;
    }
    let mut timers = timers();
    // SAFETY: plain system call.
    let tid = unsafe { libc::syscall(libc::SYS_gettid) } as i32;
    let hz = RATE.load(Ordering::Relaxed);
    if hz != 0 && !timers.process {
        timers.add(tid, hz);
    }
}

/// sysmon's look for threads without a timer.
pub fn periodic(now_ns: i64) {
    if !is_on() || now_ns - LOOKED_NS.load(Ordering::Relaxed) < LOOK_NS {
        return;
    }
    LOOKED_NS.store(now_ns, Ordering::Relaxed);
    let mut timers = timers();
    let hz = RATE.load(Ordering::Relaxed);
    if hz != 0 && !timers.process {
        timers.cover(hz);
    }
}

impl Timers {
    /// Sees to it that the threads there are have a timer, and no others.
    fn cover(&mut self, hz: usize) {
        let threads = threads();
        self.threads.retain(|(tid, _)| threads.contains(tid));
        threads.into_iter().for_each(|tid| self.add(tid, hz));
    }

    fn add(&mut self, tid: i32, hz: usize) {
        if !self.threads.iter().any(|t| t.0 == tid)
            && let Some(timer) = thread_timer(tid, hz)
        {
            self.threads.push((tid, timer));
        }
    }

    /// An interval timer whose signal goes to whichever thread runs.
    fn time_process(&mut self, hz: usize) {
        self.process = set_interval(1_000_000 / hz as i64);
        if !self.process {
            fatal::write_stderr(b"runtime: no timer for the CPU profile\n");
        }
    }

    fn remove_all(&mut self) {
        self.threads.clear();
        if std::mem::take(&mut self.process) {
            set_interval(0);
        }
    }
}

fn set_interval(us: i64) -> bool {
    let time = libc::timeval {
        tv_sec: us / 1_000_000,
        tv_usec: us % 1_000_000,
    };
    let interval = libc::itimerval {
        it_interval: time,
        it_value: time,
    };
    // SAFETY: a valid setting.
    unsafe { libc::setitimer(libc::ITIMER_PROF, &interval, std::ptr::null_mut()) == 0 }
}

/// Ids of the process's threads; without /proc, of those that run goroutines.
fn threads() -> Vec<i32> {
    let mut all = Vec::new();
    if let Ok(entries) = std::fs::read_dir("/proc/self/task") {
        let names = entries.flatten().map(|e| e.file_name());
        all.extend(names.filter_map(|name| name.to_str()?.parse::<i32>().ok()));
    }
    if all.is_empty() {
        // SAFETY: Ms are never freed.
        crate::sched::m::for_each(|m| all.push(unsafe { (*m).tid.load(Ordering::Relaxed) }));
        all.retain(|&tid| tid != 0);
    }
    all
}

fn thread_timer(tid: i32, hz: usize) -> Option<Timer> {
    // Bits of a clock id: of a thread, and of its running time.
    const PER_THREAD: i32 = 4;
    const RUNNING: i32 = 2;
    let clock = (!tid << 3) | PER_THREAD | RUNNING;
    // SAFETY: all-zero is valid for the event; the fields are as timer_create(2) wants them.
    unsafe {
        let mut event: libc::sigevent = std::mem::zeroed();
        event.sigev_notify = libc::SIGEV_THREAD_ID;
        event.sigev_signo = libc::SIGPROF;
        event.sigev_notify_thread_id = tid;
        let mut timer: libc::timer_t = std::mem::zeroed();
        if libc::timer_create(clock, &mut event, &mut timer) != 0 {
            return None;
        }
        let timer = Timer(timer);
        let period_ns = 1_000_000_000 / hz as i64;
        // The first tick at a random time, or short threads would never see one.
        let first_ns = 1 + super::waits::random_below(period_ns as u64) as i64;
        let setting = libc::itimerspec {
            it_interval: timespec(period_ns),
            it_value: timespec(first_ns),
        };
        let set = libc::timer_settime(timer.0, 0, &setting, std::ptr::null_mut());
        (set == 0).then_some(timer)
    }
}

fn timespec(ns: i64) -> libc::timespec {
    libc::timespec {
        tv_sec: ns / 1_000_000_000,
        tv_nsec: ns % 1_000_000_000,
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_cpu_profile_next(to: *mut CpuSample) -> usize {
    let Some(ring) = ring() else { return 0 };
    // SAFETY: Go passes a sample to fill, and has one reader at a time.
    unsafe {
        let to = &mut *to;
        to.lost = ring.take_lost();
        let Some(sample) = ring.pop() else {
            to.count = 0;
            to.depth = 0;
            return usize::from(to.lost != 0);
        };
        to.labels = sample.labels;
        crate::memory::wrote((&raw const to.labels).cast(), size_of::<usize>());
        to.count = sample.count;
        to.depth = sample.depth;
        to.pcs[..sample.depth].copy_from_slice(&sample.pcs[..sample.depth]);
    }
    1
}
