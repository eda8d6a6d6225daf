//! Fatal errors: text to standard error, goroutines, exit status 2.
//!
//! The report goes to the descriptor of `debug.SetCrashOutput` as well. As in Go that begins
//! with the message of a panic and with the name of a signal, but behind the line
//! `fatal error: …` and what stands before it.

use crate::report_memory;
use crate::sched::bubble;
use crate::sched::freeze::{self, Claim};
use crate::sched::g::G;
use crate::sched::m::here;
use crate::traceback::{self, Interrupted, Level, Stacks, Walk, level};
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

const STDERR: i32 = 2;

/// Where reports go besides standard error, or [`NO_CRASH_OUTPUT`].
static CRASH_OUTPUT: AtomicI32 = AtomicI32::new(NO_CRASH_OUTPUT);
const NO_CRASH_OUTPUT: i32 = -1;

/// The goroutine whose Go half prints its panic at the moment: what it writes is a report.
static PRINTS_PANIC: AtomicPtr<G> = AtomicPtr::new(std::ptr::null_mut());

fn write(descriptor: i32, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: a valid range of memory.
        let n = unsafe { libc::write(descriptor, bytes.as_ptr().cast(), bytes.len()) };
        if n > 0 {
            bytes = &bytes[n as usize..];
            continue;
        }
        // SAFETY: this thread's error number.
        if n == 0 || unsafe { *libc::__errno_location() } != libc::EINTR {
            return;
        }
    }
}

/// Writes bytes to standard error, whatever happens to them.
pub fn write_stderr(bytes: &[u8]) {
    write(STDERR, bytes);
}

/// Writes a piece of a report of what ends the process.
pub fn write_report(bytes: &[u8]) {
    freeze::while_written(|| {
        write(STDERR, bytes);
        let also = CRASH_OUTPUT.load(Ordering::SeqCst);
        if also != NO_CRASH_OUTPUT {
            write(also, bytes);
        }
    });
}

#[unsafe(no_mangle)]
extern "C" fn goxide_write_err(ptr: *const u8, bytes: usize) {
    // SAFETY: Go passes a live byte range.
    let bytes = unsafe { std::slice::from_raw_parts(ptr, bytes) };
    let g = current_goroutine();
    if !g.is_null() && PRINTS_PANIC.load(Ordering::SeqCst) == g {
        write_report(bytes);
    } else {
        write_stderr(bytes);
    }
}

/// The descriptor belongs to us from now on, the old one to the caller. All ones: none.
#[unsafe(no_mangle)]
extern "C" fn goxide_set_crash_output(descriptor: usize) -> usize {
    CRASH_OUTPUT.swap(descriptor as i32, Ordering::SeqCst) as isize as usize
}

/// Ends the process at once.
pub fn exit(status: i32) -> ! {
    // SAFETY: no Rust state needs to be torn down.
    unsafe { libc::_exit(status) }
}

/// Ends the process after a report: with a core dump if asked for.
pub fn exit_after_report() -> ! {
    if level() == Level::Crash {
        // SAFETY: the default action of SIGABRT ends the process.
        unsafe {
            libc::signal(libc::SIGABRT, libc::SIG_DFL);
            // It is blocked in a handler.
            let mut only: libc::sigset_t = core::mem::zeroed();
            libc::sigemptyset(&mut only);
            libc::sigaddset(&mut only, libc::SIGABRT);
            libc::pthread_sigmask(libc::SIG_UNBLOCK, &only, std::ptr::null_mut());
            libc::raise(libc::SIGABRT);
        }
    }
    exit(2)
}

/// The first to report a fatal error does so; others wait for the end. Who has begun with
/// the message of a panic goes on, once.
fn only_once() {
    let g = current_goroutine();
    if !g.is_null() && ends_printing(g) {
        freeze::panic_is_printed();
        report_memory::begin();
    } else {
        begin_report(None);
    }
}

/// The same, for a signal handler with where the signal came.
pub fn begin_report(at: Option<Interrupted>) {
    match freeze::claim() {
        Claim::Granted => report_memory::begin(),
        Claim::Again => report_failed(),
        Claim::Late => freeze::wait_for_the_end(at),
    }
}

/// Making the report has led to an error: it ends here.
pub fn report_failed() -> ! {
    write_stderr(b"\nfatal error: unexpected error in this report\n");
    exit_after_report()
}

fn ends_printing(g: *mut G) -> bool {
    let none = std::ptr::null_mut();
    PRINTS_PANIC
        .compare_exchange(g, none, Ordering::SeqCst, Ordering::SeqCst)
        .is_ok()
}

/// The goroutine that this thread runs, or null.
pub fn current_goroutine() -> *mut G {
    let m = here();
    if m.is_null() {
        return std::ptr::null_mut();
    }
    // SAFETY: this thread's M.
    unsafe { (*m).g.load(Ordering::Relaxed) }
}

/// `fatal error: TEXT`, status 2; nothing else can be trusted.
pub fn throw_text(text: &str) -> ! {
    throw_after("", text)
}

/// The same after lines of explanation. The runtime is at fault, or cannot go on.
pub fn throw_after(lines: &str, text: &str) -> ! {
    traceback::runtime_is_at_fault();
    only_once();
    write_stderr(format!("{lines}fatal error: {text}\n").as_bytes());
    dump_and_exit(Others::All)
}

/// Whose stacks a report shows besides that of the goroutine it is about.
enum Others {
    None,
    All,
    /// Those in the bubble at this address.
    Bubble(usize),
}

/// The goroutines, then the end. Each is written by itself: should looking at another fail,
/// the one that matters is there.
fn dump_and_exit(others: Others) -> ! {
    if level() == Level::None {
        exit_after_report();
    }
    if !matches!(others, Others::None) {
        freeze::others();
    }
    let g = current_goroutine();
    if !g.is_null() {
        let mut out = String::from("\n");
        // SAFETY: this M's goroutine is in a runtime call.
        unsafe { traceback::dump_own(&mut out, g) };
        write_report(out.as_bytes());
    }
    let wanted = |other: *mut G| match others {
        Others::None => false,
        Others::All => true,
        // SAFETY: Gs are never freed.
        Others::Bubble(b) => unsafe { bubble::of(other) == b },
    };
    write_others(g, wanted);
    exit_after_report()
}

/// Goroutines besides the one that a report is about. (They have been stopped; or none is
/// wanted.)
pub fn write_others(current: *mut G, wanted: impl Fn(*mut G) -> bool) {
    traceback::others(current, wanted)
        .into_iter()
        .for_each(|g| {
            let before = report_memory::mark();
            freeze::gets_on();
            let mut out = String::from("\n");
            // SAFETY: all threads have been stopped that can be, the rest is known.
            unsafe { traceback::dump_other(&mut out, g, Stacks::OfFrozen) };
            write_report(out.as_bytes());
            drop(out);
            // SAFETY: the text was all that was taken since.
            unsafe { report_memory::back_to(before) };
        });
}

/// `fatal error: TEXT`, then all goroutines, status 2.
pub fn throw_all(text: &str) -> ! {
    only_once();
    write_stderr(format!("fatal error: {text}\n").as_bytes());
    dump_and_exit(Others::All)
}

/// The goroutine's stack has reached the limit.
pub fn stack_overflow(g: *mut goxide_abi::GContext) -> ! {
    traceback::runtime_is_at_fault();
    only_once();
    let limit = goxide_fiber::max_stack_bytes();
    let g = g.cast::<G>();
    let mut out = format!("runtime: goroutine stack exceeds {limit}-byte limit\n");
    // SAFETY: the running goroutine, in `morestack`: its registers lie at `sched_sp`.
    unsafe {
        let segment = (*g).context.segment as *const goxide_fiber::Segment;
        out.push_str(&format!(
            "runtime: sp={:#x} stack=[{:#x}, {:#x}]\n",
            (*g).context.sched_sp,
            (*segment).lo,
            (*segment).hi
        ));
        out.push_str("fatal error: stack overflow\n");
        write_stderr(out.as_bytes());
        out.clear();
        out.push('\n');
        traceback::header(&mut out, g, "running");
        let (pc, fp) = goxide_fiber::growing_frame(&raw const (*g).context);
        traceback::frames(&mut out, g, Walk::growing(g, pc, fp));
    }
    write_report(out.as_bytes());
    freeze::others();
    write_others(g, |_| true);
    exit_after_report()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_fatal_throw(text: *const u8, bytes: usize) {
    // SAFETY: Go passes a string.
    let text = unsafe { std::slice::from_raw_parts(text, bytes) };
    misuse(&String::from_utf8_lossy(text))
}

/// `fatal error: TEXT` about what the program did, which nothing may recover.
pub fn misuse(text: &str) -> ! {
    only_once();
    write_stderr(format!("fatal error: {text}\n").as_bytes());
    let all = level() >= Level::All;
    dump_and_exit(if all { Others::All } else { Others::None })
}

/// What is about to be reported is a fault of the runtime.
#[unsafe(no_mangle)]
extern "C" fn goxide_fatal_at_fault() {
    traceback::runtime_is_at_fault();
}

/// What the goroutine writes from here on is the message of its panic. It stays on its M:
/// who else has something to report stops with the P that it has, which may be the only one.
#[unsafe(no_mangle)]
extern "C" fn goxide_fatal_begin() {
    match freeze::claim_for_panic() {
        Claim::Granted => {}
        Claim::Again => report_failed(),
        Claim::Late => freeze::wait_for_the_end(None),
    }
    let g = current_goroutine();
    // SAFETY: the running goroutine.
    unsafe { (*g).no_preempt = true };
    PRINTS_PANIC.store(g, Ordering::SeqCst);
}

/// The panic's message is printed; now the goroutines.
#[unsafe(no_mangle)]
extern "C" fn goxide_fatal_panic(bubble: usize) {
    only_once();
    let others = match bubble {
        _ if level() >= Level::All => Others::All,
        0 => Others::None,
        bubble => Others::Bubble(bubble),
    };
    dump_and_exit(others)
}
