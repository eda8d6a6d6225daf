//! Descriptors of the poller, and the runtime calls on them.

use super::epoll;
pub use super::waits::Mode;
use super::waits::{OK, Side, Waits};
use crate::calls::Words;
use crate::sched::g::{G, GList, Status};
use crate::sched::m::current_g;
use crate::sched::park::{park, ready};
use crate::sync::Lock;
use crate::{time, timer};
use goxide_abi::{Timer, WaitReason};
use std::cell::UnsafeCell;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

impl Mode {
    fn from_number(n: usize) -> Mode {
        if n == usize::from(b'w') {
            Mode::Write
        } else {
            Mode::Read
        }
    }
}

/// What one direction has beside its [`Side`].
struct Deadline {
    timer: UnsafeCell<Timer>,
    armed: UnsafeCell<bool>,
}

/// A descriptor in the poller. Never freed, but reused.
pub struct Desc {
    lock: Lock,
    fd: UnsafeCell<i32>,
    waits: Waits,
    deadlines: [Deadline; 2],
}

// SAFETY: the cells are touched under `lock`.
unsafe impl Sync for Desc {}

static FREE: Mutex<Vec<&'static Desc>> = Mutex::new(Vec::new());

const GENERATION_BITS: u32 = 16;

impl Desc {
    fn allocate() -> &'static Desc {
        if let Some(desc) = FREE.lock().unwrap().pop() {
            return desc;
        }
        let deadline = || Deadline {
            // SAFETY: all-zero is a valid timer.
            timer: UnsafeCell::new(unsafe { core::mem::zeroed() }),
            armed: UnsafeCell::new(false),
        };
        Box::leak(Box::new(Desc {
            lock: Lock::new(),
            fd: UnsafeCell::new(-1),
            waits: Waits::new(),
            deadlines: [deadline(), deadline()],
        }))
    }

    /// What epoll gives back with an event: the address, which has 47 bits, and the
    /// generation.
    fn token(&'static self) -> u64 {
        let generation = self.waits.generation() as u64;
        (self as *const Desc as u64) << GENERATION_BITS | generation & 0xffff
    }

    /// The descriptor of an event, if it is still the one that was meant. `error`: the event
    /// said error and nothing else.
    pub fn from_event(token: u64, error: bool) -> Option<&'static Desc> {
        // SAFETY: descriptors are never freed.
        let desc = unsafe { &*((token >> GENERATION_BITS) as *const Desc) };
        let meant = |generation| generation as u64 & 0xffff == token & 0xffff;
        desc.waits.note_error(meant, error).then_some(desc)
    }

    /// An event came for this direction.
    pub fn event(&self, mode: Mode, runnable: &mut GList) {
        let g = self.waits.event(mode) as *mut G;
        if !g.is_null() {
            epoll::WAITERS.fetch_sub(1, Ordering::SeqCst);
            // SAFETY: the G is ours now.
            unsafe {
                (*g).context.park_results = [self.waits.code(mode) as u64, 0];
                crate::tracer::go_unblock(g);
                (*g).set_status(Status::Runnable);
            }
            runnable.push(g);
        }
    }

    /// A deadline has passed or closing has begun, and the lock was given back since.
    fn wake(&self, mode: Mode) {
        let g = self.waits.interrupt(mode) as *mut G;
        if !g.is_null() {
            epoll::WAITERS.fetch_sub(1, Ordering::SeqCst);
            // SAFETY: the G is ours now.
            unsafe {
                (*g).context.park_results = [self.waits.code(mode) as u64, 0];
                ready(g);
            }
        }
    }

    /// Sets one direction's deadline; the lock is held.
    unsafe fn set_deadline(&'static self, mode: Mode, deadline_ns: i64) {
        let deadline = &self.deadlines[mode as usize];
        self.waits.side(mode).set_deadline_ns(deadline_ns);
        // SAFETY: the cells are ours under the lock; the timer lives for ever.
        unsafe {
            let t = deadline.timer.get();
            let was_armed = *deadline.armed.get();
            *deadline.armed.get() = deadline_ns > 0;
            if deadline_ns > 0 {
                timer::set_function(t, expire);
                (*t).arg = [self as *const Desc as usize, mode as usize];
                (*t).seq = self.waits.generation();
                timer::reset(t, deadline_ns, 0);
            } else if was_armed {
                timer::stop(t);
            }
        }
    }
}

/// A deadline has passed.
unsafe fn expire(t: *mut Timer) {
    // SAFETY: the timer belongs to a descriptor, which is never freed.
    unsafe {
        let desc = &*((*t).arg[0] as *const Desc);
        let mode = if (*t).arg[1] == Mode::Write as usize {
            Mode::Write
        } else {
            Mode::Read
        };
        desc.lock.lock();
        let side = desc.waits.side(mode);
        let armed = desc.deadlines[mode as usize].armed.get();
        let deadline = side.deadline_ns();
        // Reset or reused since: then another expiry is to come, or none.
        let current = (*t).seq == desc.waits.generation()
            && *armed
            && deadline > 0
            && deadline <= time::nanotime();
        if current {
            side.set_deadline_ns(-1);
            *armed = false;
        }
        desc.lock.unlock();
        if current {
            desc.wake(mode);
        }
    }
}

fn desc(handle: usize) -> &'static Desc {
    // SAFETY: handles are descriptors' addresses, and those are never freed.
    unsafe { &*(handle as *const Desc) }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_poll_init() {
    epoll::initialize();
}

#[unsafe(no_mangle)]
extern "C" fn goxide_poll_is_descriptor(fd: usize) -> usize {
    usize::from(epoll::is_own(fd as i32))
}

#[unsafe(no_mangle)]
extern "C" fn goxide_poll_open(fd: usize) -> Words {
    epoll::initialize();
    let desc = Desc::allocate();
    desc.lock.lock();
    desc.waits.open();
    // SAFETY: the lock is held.
    unsafe { *desc.fd.get() = fd as i32 };
    desc.lock.unlock();
    let errno = epoll::add(fd as i32, desc.token());
    if errno != 0 {
        FREE.lock().unwrap().push(desc);
        return Words(0, errno as usize);
    }
    Words(desc as *const Desc as usize, 0)
}

#[unsafe(no_mangle)]
extern "C" fn goxide_poll_close(handle: usize) {
    let desc = desc(handle);
    // SAFETY: the descriptor is open.
    epoll::remove(unsafe { *desc.fd.get() });
    desc.waits.close();
    FREE.lock().unwrap().push(desc);
}

#[unsafe(no_mangle)]
extern "C" fn goxide_poll_reset(handle: usize, mode: usize) -> usize {
    desc(handle).waits.reset(Mode::from_number(mode))
}

#[unsafe(no_mangle)]
extern "C" fn goxide_poll_wait(handle: usize, mode: usize) -> usize {
    unsafe fn commit(g: *mut G, side: usize) -> bool {
        // SAFETY: a descriptor's side, which is never freed.
        let side = unsafe { &*(side as *const Side) };
        epoll::WAITERS.fetch_add(1, Ordering::SeqCst);
        let parked = side.park(g as usize);
        if !parked {
            // An event came first: the result is the one prepared below.
            epoll::WAITERS.fetch_sub(1, Ordering::SeqCst);
        }
        parked
    }
    let (desc, mode) = (desc(handle), Mode::from_number(mode));
    if let Some(code) = desc.waits.begin(mode) {
        return code;
    }
    // SAFETY: the running goroutine.
    unsafe { (*current_g()).context.park_results = [OK as u64, 0] };
    park(
        WaitReason::IoWait,
        Some(commit),
        std::ptr::from_ref(desc.waits.side(mode)) as usize,
    );
    OK
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_poll_set_deadline(handle: usize, relative_ns: i64, mode: usize) {
    let desc = desc(handle);
    let deadline = match relative_ns {
        0 => 0,
        ..0 => -1,
        ns => time::nanotime().saturating_add(ns),
    };
    let both = mode == usize::from(b'r') + usize::from(b'w');
    let modes: &[Mode] = match (both, Mode::from_number(mode)) {
        (true, _) => &[Mode::Read, Mode::Write],
        (_, Mode::Read) => &[Mode::Read],
        (_, Mode::Write) => &[Mode::Write],
    };
    desc.lock.lock();
    if desc.waits.is_closing() {
        desc.lock.unlock();
        return;
    }
    for &mode in modes {
        // SAFETY: the lock is held.
        unsafe { desc.set_deadline(mode, deadline) };
    }
    desc.lock.unlock();
    if deadline < 0 {
        for &mode in modes {
            desc.wake(mode);
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_poll_unblock(handle: usize) {
    let desc = desc(handle);
    desc.lock.lock();
    desc.waits.begin_closing();
    for mode in [Mode::Read, Mode::Write] {
        // SAFETY: the lock is held.
        unsafe { desc.set_deadline(mode, 0) };
    }
    desc.lock.unlock();
    for mode in [Mode::Read, Mode::Write] {
        desc.wake(mode);
    }
}

#[cfg(test)]
mod tests {
    use super::super::waits::{CLOSING, TIMEOUT};
    use super::*;
    use crate::native::{block_on, call, go, sleep, start};
    use std::time::{Duration, Instant};

    extern "C" fn open(fd: usize, _: usize, _: usize, _: usize) -> usize {
        let Words(handle, errno) = goxide_poll_open(fd);
        assert_eq!(errno, 0);
        handle
    }
    extern "C" fn wait(handle: usize, _: usize, _: usize, _: usize) -> usize {
        match goxide_poll_reset(handle, b'r' as usize) {
            OK => goxide_poll_wait(handle, b'r' as usize),
            code => code,
        }
    }
    extern "C" fn deadline(handle: usize, ns: usize, _: usize, _: usize) -> usize {
        // SAFETY: an open descriptor.
        unsafe { goxide_poll_set_deadline(handle, ns as i64, b'r' as usize) };
        0
    }
    extern "C" fn unblock(handle: usize, _: usize, _: usize, _: usize) -> usize {
        // SAFETY: an open descriptor.
        unsafe { goxide_poll_unblock(handle) };
        goxide_poll_close(handle);
        0
    }

    fn pipe() -> [i32; 2] {
        let mut fds = [0; 2];
        // SAFETY: room for two.
        let made = unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_NONBLOCK) };
        assert_eq!(made, 0);
        fds
    }

    #[test]
    fn a_reader_is_woken_by_data_by_its_deadline_and_by_close() {
        start(2);
        block_on(|| {
            let [read, write] = pipe();
            let handle = call(open, [read as usize, 0, 0, 0]);
            for _ in 0..20 {
                go(move || {
                    sleep(Duration::from_millis(1));
                    // SAFETY: one byte.
                    unsafe { libc::write(write, b"x".as_ptr().cast(), 1) };
                });
                assert_eq!(call(wait, [handle, 0, 0, 0]), OK);
                let mut byte = 0u8;
                // SAFETY: one byte.
                let n = unsafe { libc::read(read, (&raw mut byte).cast(), 1) };
                assert_eq!(n, 1);
            }
            let began = Instant::now();
            call(deadline, [handle, 5_000_000, 0, 0]);
            assert_eq!(call(wait, [handle, 0, 0, 0]), TIMEOUT);
            assert!(began.elapsed() >= Duration::from_millis(5));
            assert_eq!(
                call(wait, [handle, 0, 0, 0]),
                TIMEOUT,
                "until it is set again"
            );
            call(deadline, [handle, 0, 0, 0]);
            go(move || {
                sleep(Duration::from_millis(2));
                call(unblock, [handle, 0, 0, 0]);
            });
            assert_eq!(call(wait, [handle, 0, 0, 0]), CLOSING);
        });
    }
}
