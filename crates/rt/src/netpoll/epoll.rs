//! The epoll instance, its wake-up event, and polling.

use super::desc::{Desc, Mode};
use crate::sched::SCHED;
use crate::sched::g::GList;
use std::mem::MaybeUninit;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};

static EPOLL: AtomicI32 = AtomicI32::new(-1);
static EVENT: AtomicI32 = AtomicI32::new(-1);
static WAKING: AtomicBool = AtomicBool::new(false);
static ONCE: Once = Once::new();
/// Goroutines parked in the poller.
pub static WAITERS: AtomicUsize = AtomicUsize::new(0);

/// Makes the epoll instance, once.
pub fn initialize() {
    if !is_ready() {
        ONCE.call_once(set_up);
    }
}

fn set_up() {
    // SAFETY: plain system calls on descriptors made here.
    unsafe {
        let epoll = libc::epoll_create1(libc::EPOLL_CLOEXEC);
        if epoll < 0 {
            failed("epollcreate", "runtime: netpollinit failed");
        }
        let event = libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK);
        let mut e = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: 0,
        };
        if event < 0 {
            failed("eventfd", "runtime: eventfd failed");
        }
        if libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, event, &mut e) != 0 {
            failed("epollctl", "runtime: epollctl failed");
        }
        EVENT.store(event, Ordering::Release);
        EPOLL.store(epoll, Ordering::Release);
    }
}

fn failed(call: &str, text: &str) -> ! {
    let errno = std::io::Error::last_os_error().raw_os_error();
    let line = format!("runtime: {call} failed with {}\n", errno.unwrap_or(0));
    crate::fatal::throw_after(&line, text);
}

/// Whether it exists.
#[inline]
pub fn is_ready() -> bool {
    EPOLL.load(Ordering::Acquire) >= 0
}

/// Whether goroutines wait in it.
#[inline]
pub fn has_waiters() -> bool {
    WAITERS.load(Ordering::SeqCst) != 0
}

/// Whether a descriptor is one of ours.
pub fn is_own(fd: i32) -> bool {
    is_ready() && (fd == EPOLL.load(Ordering::Relaxed) || fd == EVENT.load(Ordering::Relaxed))
}

/// Adds a descriptor for both directions, edge-triggered; the errno.
pub fn add(fd: i32, token: u64) -> i32 {
    let events = libc::EPOLLIN | libc::EPOLLOUT | libc::EPOLLRDHUP | libc::EPOLLET;
    let mut e = libc::epoll_event {
        events: events as u32,
        u64: token,
    };
    let epoll = EPOLL.load(Ordering::Relaxed);
    // SAFETY: a valid event.
    if unsafe { libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, fd, &mut e) } == 0 {
        0
    } else {
        std::io::Error::last_os_error()
            .raw_os_error()
            .unwrap_or(libc::EINVAL)
    }
}

/// Removes a descriptor.
pub fn remove(fd: i32) {
    let mut e = libc::epoll_event { events: 0, u64: 0 };
    let epoll = EPOLL.load(Ordering::Relaxed);
    // SAFETY: a valid event.
    unsafe { libc::epoll_ctl(epoll, libc::EPOLL_CTL_DEL, fd, &mut e) };
}

/// A timer was added that is due at `when`: whoever sleeps longer must hear of it.
pub fn wake_for_timer(when: i64) {
    if SCHED.last_poll_ns.load(Ordering::SeqCst) == 0 {
        let until = SCHED.poll_until_ns.load(Ordering::SeqCst);
        if until == 0 || until > when {
            wake();
        }
    } else {
        crate::sched::wake::wake_p();
    }
}

fn wake() {
    if WAKING.swap(true, Ordering::SeqCst) {
        return;
    }
    let one: u64 = 1;
    // SAFETY: eight bytes of a local.
    unsafe { libc::write(EVENT.load(Ordering::Relaxed), (&raw const one).cast(), 8) };
}

/// Most events of one poll.
const MAX_EVENTS: usize = 128;
/// Room for them, which is not cleared for every poll.
struct Events([MaybeUninit<libc::epoll_event>; MAX_EVENTS]);

/// Waits for events, at most `timeout_ns` (negative: for ever); gives the goroutines that
/// became runnable.
pub fn poll(timeout_ns: i64) -> GList {
    let mut runnable = GList::new();
    if !is_ready() {
        return runnable;
    }
    let mut events = Events([const { MaybeUninit::uninit() }; MAX_EVENTS]);
    let n = wait(&mut events, timeout_ns);
    for e in &events.0[..n.max(0) as usize] {
        // SAFETY: the kernel has filled in so many.
        let e = unsafe { e.assume_init_ref() };
        let (bits, token) = (e.events as i32, e.u64);
        if token == 0 {
            drain_wake(timeout_ns != 0);
            continue;
        }
        dispatch(bits, token, &mut runnable);
    }
    runnable
}

/// `epoll_pwait2` has timeouts in ns; where the kernel does not know it, in ms.
fn wait(events: &mut Events, timeout_ns: i64) -> i64 {
    static COARSE: AtomicBool = AtomicBool::new(false);
    let epoll = EPOLL.load(Ordering::Relaxed);
    let (events, places) = (events.0.as_mut_ptr().cast(), MAX_EVENTS as i32);
    if timeout_ns > 0 && !COARSE.load(Ordering::Relaxed) {
        let spec = libc::timespec {
            tv_sec: timeout_ns / 1_000_000_000,
            tv_nsec: timeout_ns % 1_000_000_000,
        };
        let none = std::ptr::null::<libc::sigset_t>();
        // SAFETY: the buffer has that many places; no signal mask.
        let n = unsafe {
            libc::syscall(
                libc::SYS_epoll_pwait2,
                epoll,
                events,
                places,
                &raw const spec,
                none,
                8,
            )
        };
        // SAFETY: reads the errno of the call above.
        if n >= 0 || unsafe { *libc::__errno_location() } != libc::ENOSYS {
            return n;
        }
        COARSE.store(true, Ordering::Relaxed);
    }
    let timeout_ms = match timeout_ns {
        ..0 => -1,
        0 => 0,
        1..1_000_000 => 1,
        ns => (ns / 1_000_000).min(1_000_000_000) as i32,
    };
    // SAFETY: the buffer has that many places.
    i64::from(unsafe { libc::epoll_wait(epoll, events, places, timeout_ms) })
}

fn drain_wake(blocking: bool) {
    // A poll that does not wait leaves the event for the M that does.
    if blocking {
        let mut count: u64 = 0;
        // SAFETY: eight bytes of a local.
        unsafe { libc::read(EVENT.load(Ordering::Relaxed), (&raw mut count).cast(), 8) };
        WAKING.store(false, Ordering::SeqCst);
    }
}

fn dispatch(bits: i32, token: u64, runnable: &mut GList) {
    let Some(desc) = Desc::from_event(token, bits == libc::EPOLLERR) else {
        return;
    };
    let failed = bits & (libc::EPOLLHUP | libc::EPOLLERR) != 0;
    if failed || bits & (libc::EPOLLIN | libc::EPOLLRDHUP) != 0 {
        desc.event(Mode::Read, runnable);
    }
    if failed || bits & libc::EPOLLOUT != 0 {
        desc.event(Mode::Write, runnable);
    }
}
