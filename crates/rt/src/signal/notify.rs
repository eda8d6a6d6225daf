//! Signals for `os/signal`: those it enabled are noted in a bit set and handed to the one
//! goroutine that waits in `signal_recv`.

use super::table::{self, Action};
use crate::sched::deadlock::SIGNAL_WAITERS;
use crate::sched::g::{G, Status};
use crate::sched::m::current_g;
use crate::sched::park::{park, put_global};
use crate::sched::wake::start_for_global;
use crate::sync::Parker;
use goxide_abi::WaitReason;
use std::sync::Once;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};

const SIGNALS: usize = 65;

/// What is to happen with a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Want {
    Default,
    Notify,
    Ignore,
}

static WANTED: [AtomicU8; SIGNALS] = [const { AtomicU8::new(Want::Default as u8) }; SIGNALS];
static PENDING: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];
/// The G that waits, or 0.
static WAITER: AtomicUsize = AtomicUsize::new(0);
static DELIVERY: Parker = Parker::new();
static THREAD: Once = Once::new();

/// Whether `os/signal` ignores it.
pub fn is_ignored(signal: i32) -> bool {
    WANTED[signal as usize].load(Ordering::Relaxed) == Want::Ignore as u8
}

/// Queues a signal if `os/signal` wants it. In a handler.
pub fn queue(signal: i32) -> bool {
    let n = signal as usize;
    if WANTED[n].load(Ordering::Relaxed) != Want::Notify as u8 {
        return false;
    }
    PENDING[n / 64].fetch_or(1 << (n % 64), Ordering::SeqCst);
    DELIVERY.unpark();
    true
}

extern "C" fn on_signal(signal: i32, _: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: errno belongs to the interrupted code.
    let errno = unsafe { *libc::__errno_location() };
    if !queue(signal) {
        default_action(signal);
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

/// A signal that does nothing unless asked for.
pub extern "C" fn on_harmless(signal: i32, _: *mut libc::siginfo_t, _: *mut libc::c_void) {
    queue(signal);
}

/// What the signal would do without a handler.
fn default_action(signal: i32) {
    // SAFETY: puts the default back and sends the signal to this thread; it is blocked until
    // the handler returns.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}

/// Takes a pending signal.
fn take() -> Option<u32> {
    for (i, word) in PENDING.iter().enumerate() {
        let bits = word.load(Ordering::SeqCst);
        if bits != 0 {
            let bit = bits.trailing_zeros();
            word.fetch_and(!(1 << bit), Ordering::SeqCst);
            return Some(i as u32 * 64 + bit);
        }
    }
    None
}

/// Handlers cannot make goroutines ready; this thread does.
fn deliver() -> ! {
    crate::profile::tick::this_thread_watches();
    loop {
        DELIVERY.park();
        let g = WAITER.swap(0, Ordering::SeqCst) as *mut G;
        if g.is_null() {
            continue;
        }
        let Some(signal) = take() else {
            WAITER.store(g as usize, Ordering::SeqCst);
            continue;
        };
        // SAFETY: the parked G was ours to take.
        unsafe {
            (*g).context.park_results = [u64::from(signal), 0];
            crate::tracer::go_unblock(g);
            (*g).set_status(Status::Runnable);
        }
        put_global(g);
        // Only now: no M may find that nobody runs or waits for a signal. (It may wait again.)
        SIGNAL_WAITERS.fetch_sub(1, Ordering::SeqCst);
        start_for_global();
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_signal_recv() -> usize {
    unsafe fn commit(g: *mut G, _: usize) -> bool {
        SIGNAL_WAITERS.fetch_add(1, Ordering::SeqCst);
        WAITER.store(g as usize, Ordering::SeqCst);
        // One may have come before anybody waited.
        DELIVERY.unpark();
        true
    }
    THREAD.call_once(|| {
        let thread = std::thread::Builder::new().stack_size(64 << 10);
        if thread.spawn(|| deliver()).is_err() {
            crate::fatal::throw_text("runtime: failed to create the signal thread");
        }
    });
    let _ = current_g();
    if let Some(signal) = take() {
        return signal as usize;
    }
    park(WaitReason::SignalWait, Some(commit), 0);
    0
}

fn want(signal: usize, what: Want) {
    if signal >= SIGNALS {
        return;
    }
    WANTED[signal].store(what as u8, Ordering::SeqCst);
    let signal = signal as i32;
    // Preemption, profiles and panics need theirs whatever the program wants.
    let always_ours =
        matches!(signal, libc::SIGURG | libc::SIGPROF) || table::action(signal) == Action::Fault;
    if always_ours || matches!(signal, libc::SIGKILL | libc::SIGSTOP) {
        return;
    }
    let ours = super::handler(signal);
    match (what, ours) {
        (Want::Notify, _) => super::install(signal, ours.unwrap_or(on_signal)),
        (Want::Default, Some(handler)) => super::install(signal, handler),
        // SAFETY: standard dispositions.
        (Want::Default, None) => unsafe {
            libc::signal(signal, libc::SIG_DFL);
        },
        // SAFETY: as above.
        (Want::Ignore, _) => unsafe {
            libc::signal(signal, libc::SIG_IGN);
        },
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_signal_enable(signal: usize) {
    want(signal, Want::Notify);
}

#[unsafe(no_mangle)]
extern "C" fn goxide_signal_disable(signal: usize) {
    // As in Go, `signal.Reset` takes back `Notify`, but not `Ignore`.
    let ignored = signal < SIGNALS && WANTED[signal].load(Ordering::SeqCst) == Want::Ignore as u8;
    if !ignored {
        want(signal, Want::Default);
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_signal_ignore(signal: usize) {
    want(signal, Want::Ignore);
}

#[unsafe(no_mangle)]
extern "C" fn goxide_signal_ignored(signal: usize) -> usize {
    let noted = signal < SIGNALS && WANTED[signal].load(Ordering::SeqCst) == Want::Ignore as u8;
    // SAFETY: asks for the disposition only.
    let inherited = unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        libc::sigaction(signal as i32, std::ptr::null(), &mut action) == 0
            && action.sa_sigaction == libc::SIG_IGN
    };
    usize::from(noted || inherited)
}
