//! One system call on every thread of the process: what the kernel keeps for each thread
//! (user and group ids, capabilities) a Go program means for all of them.
//!
//! The world is stopped, so no goroutine makes threads meanwhile. This thread makes the call
//! first; if it fails here nothing else is touched. Then every other thread that the kernel
//! lists, the collector's and the monitor's too, is interrupted by SIGURG, one after the
//! other, and makes the call in its handler.

use crate::fatal;
use crate::futex::{futex_wait, futex_wake};
use crate::sched::world;
use core::arch::asm;
use std::cell::UnsafeCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::Duration;

/// Number and arguments.
type Call = [usize; 7];
/// r1, r2, errno: as the kernel gives them.
type Outcome = [usize; 3];

/// The thread that is to make [`Request::call`]; 0: none.
static TARGET: AtomicI32 = AtomicI32::new(0);
/// 1 once it has.
static DONE: AtomicU32 = AtomicU32::new(0);
static REQUEST: Request = Request(UnsafeCell::new(([0; 7], [0; 3])));
/// After so long a thread is looked for again: it may have ended.
const PATIENCE: Duration = Duration::from_millis(5);

struct Request(UnsafeCell<(Call, Outcome)>);
// SAFETY: the thread that stopped the world writes it while `TARGET` is 0 and reads it while
// `DONE` is 1; in between it is the target's.
unsafe impl Sync for Request {}

/// The signal handler's part.
#[inline]
pub fn on_signal() {
    let target = TARGET.load(Ordering::Acquire);
    if target != 0 {
        answer(target);
    }
}

#[cold]
fn answer(target: i32) {
    // SAFETY: see `Request`; only the target gets past the exchange, once.
    unsafe {
        if libc::syscall(libc::SYS_gettid) as i32 != target
            || TARGET
                .compare_exchange(target, 0, Ordering::AcqRel, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        let request = REQUEST.0.get();
        (*request).1 = system_call(&(*request).0);
    }
    DONE.store(1, Ordering::Release);
    futex_wake(&DONE, 1);
}

/// # Safety
/// Whatever the call does is the program's wish.
unsafe fn system_call(call: &Call) -> Outcome {
    let (r1, r2): (usize, usize);
    // SAFETY: the kernel preserves all registers but these; see above for the rest.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") call[0] => r1,
            in("rdi") call[1],
            in("rsi") call[2],
            inlateout("rdx") call[3] => r2,
            in("r10") call[4],
            in("r8") call[5],
            in("r9") call[6],
            lateout("rcx") _,
            lateout("r11") _,
        );
    }
    match r1 {
        // -4095..=-1
        0xffff_ffff_ffff_f001.. => [usize::MAX, 0, r1.wrapping_neg()],
        _ => [r1, r2, 0],
    }
}

/// Lets a thread make the call; `None` if it has ended before.
fn ask(thread: i32, call: &Call) -> Option<Outcome> {
    // SAFETY: see `Request`: nobody is the target now.
    unsafe { (*REQUEST.0.get()).0 = *call };
    DONE.store(0, Ordering::Relaxed);
    TARGET.store(thread, Ordering::Release);
    loop {
        // SAFETY: a signal whose handler every program has.
        let sent = unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, libc::SIGURG) };
        let gone = sent != 0
            && TARGET
                .compare_exchange(thread, 0, Ordering::AcqRel, Ordering::Relaxed)
                .is_ok();
        if gone {
            return None;
        }
        futex_wait(&DONE, 0, Some(PATIENCE));
        if DONE.load(Ordering::Acquire) == 1 {
            // SAFETY: see `Request`.
            return Some(unsafe { (*REQUEST.0.get()).1 });
        }
    }
}

/// The threads of this process; `None` if the kernel does not tell.
fn threads() -> Option<Vec<i32>> {
    let entries = std::fs::read_dir("/proc/self/task").ok()?;
    let id =
        |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    Some(entries.filter_map(id).collect())
}

/// Makes the call on all threads but this one; false if one has another outcome.
fn on_others(call: &Call, expected: Outcome) -> bool {
    // SAFETY: asks for a number.
    let own = unsafe { libc::syscall(libc::SYS_gettid) as i32 };
    let mut asked = HashSet::from([own]);
    loop {
        let Some(threads) = threads() else {
            fatal::throw_text("a system call on all threads needs /proc");
        };
        let fresh: Vec<i32> = threads.into_iter().filter(|t| asked.insert(*t)).collect();
        if fresh.is_empty() {
            return true;
        }
        for thread in fresh {
            if ask(thread, call).is_some_and(|outcome| outcome != expected) {
                return false;
            }
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_raw_syscall_all(call: *const Call, result: *mut Outcome) -> usize {
    // SAFETY: a runtime call of a goroutine, on an M with a P; Go passes two arrays.
    unsafe {
        let call = *call;
        let stopped = world::stop();
        let outcome = system_call(&call);
        let agree = outcome[2] != 0 || on_others(&call, outcome);
        drop(stopped);
        *result = outcome;
        usize::from(agree)
    }
}
