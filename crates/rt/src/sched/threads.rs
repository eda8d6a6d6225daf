//! Starting, stopping and making Ms.
//!
//! A thread is born with much of what the one that makes it has: namespaces, credentials of
//! its own, working directory if that is not shared, processors it may use, name. A goroutine
//! that locks its thread may change all that, for itself alone. So a thread that is locked,
//! or was when its goroutine ended, makes no others: it has them made by one which never runs
//! Go code ([`start_maker`]). (Go has its template thread for this.)

use super::deadlock;
use super::idle::{acquire, put_idle_p};
use super::m::{M, here};
use super::p::P;
use super::{SCHED, Shared, proc};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::mpsc::{self, Sender};

/// Stack of an M: Rust code only.
const SYSTEM_STACK_BYTES: usize = 512 << 10;
/// Stack of the thread that makes others.
const MAKER_STACK_BYTES: usize = 64 << 10;

/// Lets an M run with `p`: an idle one or a new one. If `spinning`, the caller has counted
/// it in `SCHED.spinning`.
pub fn start_m(p: *mut P, spinning: bool) {
    let m = SCHED.with(|shared| {
        let m = shared.idle_ms.pop();
        if m.is_none() {
            shared.m_count += 1;
        }
        (m, shared.m_count)
    });
    let (m, count) = m;
    match m {
        Some(m) => {
            // SAFETY: an idle M waits on its parker and reads these after it wakes.
            unsafe {
                (*m).spinning = spinning;
                (*m).next_p.store(p, Ordering::Release);
                (*m).parker.unpark();
            }
        }
        None => {
            check_count(count);
            new_thread(p, spinning);
        }
    }
}

struct Handle(*mut M);
// SAFETY: the M is handed over to the new thread.
unsafe impl Send for Handle {}

fn new_thread(p: *mut P, spinning: bool) {
    let m = M::allocate();
    // SAFETY: nobody else knows the M yet.
    unsafe {
        (*m).spinning = spinning;
        (*m).next_p.store(p, Ordering::Release);
    }
    match MAKER.get() {
        Some(maker) if may_differ() => {
            // It receives for as long as the process lives.
            let _ = maker.send(Handle(m));
        }
        _ => spawn(Handle(m)),
    }
}

/// Whether a goroutine may have changed this thread for itself.
fn may_differ() -> bool {
    let m = here();
    // SAFETY: these fields are the thread's own; Ms are never freed.
    !m.is_null() && unsafe { !(*m).locked_g.is_null() || (*m).ends }
}

/// Makes threads for those which may not do it themselves.
static MAKER: OnceLock<Sender<Handle>> = OnceLock::new();

/// Starts the thread that makes others, from one that nobody has changed yet: to be called
/// before a goroutine locks its own.
pub fn start_maker() {
    MAKER.get_or_init(|| {
        let (maker, asked) = mpsc::channel();
        let thread = std::thread::Builder::new().stack_size(MAKER_STACK_BYTES);
        if let Err(e) = thread.spawn(move || asked.into_iter().for_each(spawn)) {
            cannot_create(&e);
        }
        maker
    });
}

fn spawn(handle: Handle) {
    let made = std::thread::Builder::new()
        .stack_size(SYSTEM_STACK_BYTES)
        .spawn(move || {
            let handle = handle;
            // SAFETY: this is the M's thread, and it owns `next_p`.
            unsafe { run_thread(handle.0) }
        });
    if let Err(e) = made {
        cannot_create(&e);
    }
}

/// Ends the process as Go does when the system gives no more threads.
pub fn cannot_create(e: &std::io::Error) -> ! {
    let errno = e.raw_os_error().unwrap_or(0);
    let have = super::m::count().saturating_sub(1);
    let mut out =
        format!("runtime: failed to create new OS thread (have {have} already; errno={errno})\n");
    if errno == libc::EAGAIN {
        out.push_str("runtime: may need to increase max user processes (ulimit -u)\n");
    }
    crate::fatal::throw_after(&out, "newosproc")
}

/// Most threads there may be: `debug.SetMaxThreads`, which takes any number.
static MAX_THREADS: AtomicIsize = AtomicIsize::new(10_000);

/// Sets the limit and gives the old one.
#[unsafe(no_mangle)]
extern "C" fn goxide_set_max_threads(n: usize) -> usize {
    let old = MAX_THREADS.swap(n.cast_signed(), Ordering::Relaxed);
    check_count(SCHED.with(|shared| shared.m_count));
    old.cast_unsigned()
}

fn check_count(count: usize) {
    let limit = MAX_THREADS.load(Ordering::Relaxed);
    // sysmon is a thread as well.
    if count.cast_signed() + 1 > limit {
        let text = format!("runtime: program exceeds {limit}-thread limit\n");
        crate::fatal::throw_after(&text, "thread exhaustion")
    }
}

unsafe fn run_thread(m: *mut M) {
    // SAFETY: see `new_thread`.
    unsafe {
        M::bind(m);
        crate::signal::set_up_thread();
        crate::profile::cpu::thread_starts();
        let p = (*m).next_p.swap(ptr::null_mut(), Ordering::AcqRel);
        acquire(m, p);
        proc::schedule(m);
        crate::signal::put_thread_away();
        super::m::unbind(m);
    }
}

/// Sleeps until somebody wakes the M.
unsafe fn sleep(m: *mut M) {
    // SAFETY: the M is this thread's.
    unsafe {
        (*m).blocked.store(true, Ordering::Relaxed);
        (*m).parker.park();
        (*m).blocked.store(false, Ordering::Relaxed);
    }
}

/// Sleeps without a P until another M hands one over.
///
/// # Safety
/// The M is this thread's, has no P and does not spin.
pub unsafe fn stop_m(m: *mut M) {
    // SAFETY: see above.
    unsafe {
        let dead = SCHED.with(|shared| {
            shared.idle_ms.push(m);
            deadlock::check(shared)
        });
        deadlock::report(dead);
        sleep(m);
        let p = (*m).next_p.swap(ptr::null_mut(), Ordering::AcqRel);
        acquire(m, p);
    }
}

/// Sleeps because the goroutine locked to this M does not run; wakes with a P when it is to.
///
/// # Safety
/// The M is this thread's and has a locked goroutine.
pub unsafe fn stop_locked_m(m: *mut M) {
    // SAFETY: see above.
    unsafe {
        if !(*m).p.is_null() {
            let p = super::idle::release(m);
            super::idle::hand_off(p);
        }
        let dead = SCHED.with(|shared| {
            shared.idle_locked_ms += 1;
            deadlock::check(shared)
        });
        deadlock::report(dead);
        sleep(m);
        let p = (*m).next_p.swap(ptr::null_mut(), Ordering::AcqRel);
        acquire(m, p);
    }
}

/// Gives this M's P to the M that `g` is locked to, and stops.
///
/// # Safety
/// The M is this thread's and has a P; the caller owns the runnable `g`.
pub unsafe fn start_locked_m(m: *mut M, g: *mut super::g::G) {
    // SAFETY: see above; the locked M sleeps in `stop_locked_m` or is about to.
    unsafe {
        let other = (*g).locked_m;
        let p = super::idle::release(m);
        SCHED.with(|shared| shared.idle_locked_ms -= 1);
        (*other).next_p.store(p, Ordering::Release);
        (*other).parker.unpark();
        stop_m(m);
    }
}

/// Puts the P of an M that found nothing to do on the idle list.
///
/// # Safety
/// The M is this thread's and has a P with an empty queue.
pub unsafe fn retire_p(shared: &mut Shared, m: *mut M) {
    // SAFETY: see above.
    let p = unsafe { super::idle::release(m) };
    put_idle_p(shared, p);
}
