//! The end of a process that ends with a report: one thread reports, every other M is stopped
//! where it is, so that the report can show what that was doing.
//!
//! - [`claim`]: the first becomes the reporter; whoever else wants to report waits for the end.
//! - [`others`]: SIGURG to every M. The handler notes the interrupted registers in its M and
//!   never returns; a thread that begins to run goroutines later stops in [`thread_starts`].
//!   So whatever an M does, in Go code without calls, in the runtime, asleep, it stops at once,
//!   unless it has signals blocked (it makes a process) or the kernel holds it; after a second
//!   in which nobody stopped, the report does without those that are left.
//!
//! Stopped threads keep the locks that they held. From [`others`] on the reporter therefore
//! takes none: it finds Ms and Gs by lists that need none, and its memory elsewhere
//! ([`report_memory`]).

use super::m::{self, here};
use crate::futex::{futex_wait, futex_wake};
use crate::report_memory;
use crate::time::nanotime;
use crate::traceback::Interrupted;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

/// The thread that reports; 0: none; [`A_PANIC`].
static REPORTER: AtomicI32 = AtomicI32::new(0);
/// A goroutine prints the message of its panic, and will report.
const A_PANIC: i32 = -1;
/// Ms are to stop.
static ON: AtomicBool = AtomicBool::new(false);
/// How many have.
static STOPPED: AtomicU32 = AtomicU32::new(0);
/// Changes as long as the report gets on, for those who wait for its end. Odd: it is being
/// written, to somebody who need not hurry.
static PROGRESS: AtomicU32 = AtomicU32::new(0);

/// How long to wait until a thread is asked again, and for anyone to stop.
const ASK_AGAIN: Duration = Duration::from_millis(2);
const PATIENCE_NS: i64 = 1_000_000_000;
/// Who waits for the end looks so often, and ends the process itself if the report has not
/// got on for so many looks.
const LOOK: Duration = Duration::from_secs(1);
const LOOKS: u32 = 10;

/// How an M is stopped; by default it is not.
#[derive(Default)]
pub struct Frozen {
    state: AtomicU32,
    registers: [AtomicUsize; 3],
}

const RUNS: u32 = 0;
const INTERRUPTED: u32 = 1;
const IN_CALL: u32 = 2;

/// What [`Frozen`] says.
pub enum Stop {
    /// It is not.
    Not,
    /// By a signal, at this place.
    At(Interrupted),
    /// In a runtime call, of its goroutine or of nobody.
    InCall,
}

impl Frozen {
    /// Whether it is stopped, and where.
    pub fn get(&self) -> Stop {
        let [pc, sp, fp] = &self.registers;
        let word = |w: &AtomicUsize| w.load(Ordering::Relaxed);
        match self.state.load(Ordering::Acquire) {
            RUNS => Stop::Not,
            INTERRUPTED => Stop::At(Interrupted {
                pc: word(pc),
                sp: word(sp),
                fp: word(fp),
            }),
            _ => Stop::InCall,
        }
    }

    fn set(&self, at: Option<Interrupted>) {
        let state = match at {
            Some(Interrupted { pc, sp, fp }) => {
                for (to, word) in self.registers.iter().zip([pc, sp, fp]) {
                    to.store(word, Ordering::Relaxed);
                }
                INTERRUPTED
            }
            None => IN_CALL,
        };
        self.state.store(state, Ordering::Release);
    }
}

/// What became of a wish to report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    /// This thread reports.
    Granted,
    /// This thread reports already: something went wrong in the report.
    Again,
    /// Another reports, or a panic's message is being printed.
    Late,
}

fn own_tid() -> i32 {
    // SAFETY: asks for a number.
    unsafe { libc::syscall(libc::SYS_gettid) as i32 }
}

/// Asks to be the thread that reports.
pub fn claim() -> Claim {
    claim_as(own_tid())
}

/// The same for the goroutine that prints a panic, wherever it runs.
pub fn claim_for_panic() -> Claim {
    claim_as(A_PANIC)
}

/// That goroutine has printed, and this thread goes on with the report.
pub fn panic_is_printed() {
    REPORTER.store(own_tid(), Ordering::SeqCst);
}

fn claim_as(who: i32) -> Claim {
    let (order, otherwise) = (Ordering::SeqCst, Ordering::SeqCst);
    match REPORTER.compare_exchange(0, who, order, otherwise) {
        Ok(_) => Claim::Granted,
        Err(other) if other == own_tid() => Claim::Again,
        Err(_) => Claim::Late,
    }
}

/// Whether this thread reports.
pub fn is_reporter() -> bool {
    let reporter = REPORTER.load(Ordering::SeqCst);
    reporter != 0 && reporter == own_tid()
}

/// Whether somebody reports, or is about to.
pub fn is_reported() -> bool {
    REPORTER.load(Ordering::SeqCst) != 0
}

/// Another piece of the report is being made.
pub fn gets_on() {
    PROGRESS.fetch_add(2, Ordering::Relaxed);
}

/// Writes a piece of it.
pub fn while_written<R>(write: impl FnOnce() -> R) -> R {
    PROGRESS.fetch_add(1, Ordering::Relaxed);
    let r = write();
    PROGRESS.fetch_add(1, Ordering::Relaxed);
    r
}

/// Stops every M but this thread's.
pub fn others() {
    report_memory::begin();
    ON.store(true, Ordering::SeqCst);
    let mut last = (STOPPED.load(Ordering::SeqCst), nanotime());
    loop {
        let stopped = STOPPED.load(Ordering::SeqCst);
        if ask() == 0 {
            return;
        }
        futex_wait(&STOPPED, stopped, Some(ASK_AGAIN));
        let now = nanotime();
        if STOPPED.load(Ordering::SeqCst) != last.0 {
            last = (STOPPED.load(Ordering::SeqCst), now);
        } else if now - last.1 > PATIENCE_NS {
            return;
        }
    }
}

/// Asks all that run still. Gives how many do.
fn ask() -> usize {
    let own = here();
    let mut running = 0;
    m::for_each(|m| {
        // SAFETY: Ms are never freed; the signal has a handler.
        unsafe {
            let tid = (*m).tid.load(Ordering::SeqCst);
            if m == own || tid == 0 || !matches!((*m).frozen.get(), Stop::Not) {
                return;
            }
            if libc::syscall(libc::SYS_tgkill, libc::getpid(), tid, libc::SIGURG) == 0 {
                running += 1;
            }
        }
    });
    running
}

/// The signal handler's part.
///
/// # Safety
/// `context` is that of a signal on this thread.
#[inline]
pub unsafe fn on_signal(context: *const libc::ucontext_t) {
    if ON.load(Ordering::SeqCst) && !is_reporter() && !here().is_null() {
        // SAFETY: see above.
        wait_for_the_end(Some(unsafe { Interrupted::new(context) }))
    }
}

/// The M of this thread is known now, by which it can be stopped.
pub fn thread_starts() {
    if ON.load(Ordering::SeqCst) {
        wait_for_the_end(None)
    }
}

/// Stops this thread for good: in a handler of a signal that came at some place, or in a
/// runtime call.
pub fn wait_for_the_end(at: Option<Interrupted>) -> ! {
    let m = here();
    if !m.is_null() {
        // SAFETY: this thread's M.
        unsafe { (*m).frozen.set(at) };
        STOPPED.fetch_add(1, Ordering::SeqCst);
        futex_wake(&STOPPED, 1);
    }
    let never = AtomicU32::new(0);
    let (mut seen, mut looks) = (PROGRESS.load(Ordering::Relaxed), 0);
    while looks < LOOKS {
        futex_wait(&never, 0, Some(LOOK));
        let now = PROGRESS.load(Ordering::Relaxed);
        looks = if now == seen && now.is_multiple_of(2) {
            looks + 1
        } else {
            0
        };
        seen = now;
    }
    crate::fatal::exit(2)
}
