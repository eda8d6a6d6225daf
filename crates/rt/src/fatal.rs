//! Fatal errors: text to standard error, goroutines, exit status 2.

use crate::sched::g::G;
use crate::sched::m::here;
use crate::traceback::{self, Level, Walk, level};
use std::sync::atomic::{AtomicBool, Ordering};

/// Writes bytes to standard error, whatever happens to them.
pub fn write_stderr(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: a valid range of memory.
        let n = unsafe { libc::write(2, bytes.as_ptr().cast(), bytes.len()) };
        if n <= 0 {
            return;
        }
        bytes = &bytes[n as usize..];
    }
}

/// Ends the process at once.
pub fn exit(status: i32) -> ! {
    // SAFETY: no Rust state needs to be torn down.
    unsafe { libc::_exit(status) }
}

/// Ends the process after a report: with a core dump if asked for.
fn exit_after_report() -> ! {
    if level() == Level::Crash {
        // SAFETY: the default action of SIGABRT ends the process.
        unsafe {
            libc::signal(libc::SIGABRT, libc::SIG_DFL);
            libc::raise(libc::SIGABRT);
        }
    }
    exit(2)
}

/// The first to report a fatal error does so; others wait for the end.
fn only_once() {
    static REPORTING: AtomicBool = AtomicBool::new(false);
    if REPORTING.swap(true, Ordering::SeqCst) {
        std::thread::sleep(std::time::Duration::from_secs(5));
        exit(2);
    }
}

fn current() -> *mut G {
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

/// The same after lines of explanation.
pub fn throw_after(lines: &str, text: &str) -> ! {
    only_once();
    let mut out = format!("{lines}fatal error: {text}\n");
    let g = current();
    if !g.is_null() && level() > Level::None {
        out.push('\n');
        // SAFETY: this M's goroutine is in a runtime call.
        unsafe { traceback::dump_one(&mut out, g, true) };
    }
    write_stderr(out.as_bytes());
    exit_after_report()
}

/// `fatal error: TEXT`, then all goroutines, status 2.
pub fn throw_all(text: &str) -> ! {
    only_once();
    let mut out = format!("fatal error: {text}\n");
    if level() > Level::None {
        if current().is_null() {
            // Each goroutine begins with an empty line.
        } else {
            out.push('\n');
        }
        // SAFETY: the process is about to end.
        unsafe { traceback::dump_all(&mut out, current()) };
    }
    write_stderr(out.as_bytes());
    exit_after_report()
}

/// The goroutine's stack has reached the limit.
pub fn stack_overflow(g: *mut goxide_abi::GContext) -> ! {
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
        if level() > Level::None {
            out.push('\n');
            traceback::header(&mut out, g, true);
            let (pc, fp) = goxide_fiber::growing_frame(&raw const (*g).context);
            traceback::frames(&mut out, g, Walk::growing(g, pc, fp));
        }
    }
    write_stderr(out.as_bytes());
    exit_after_report()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_fatal_throw(text: *const u8, bytes: usize) {
    // SAFETY: Go passes a string.
    let text = unsafe { std::slice::from_raw_parts(text, bytes) };
    let text = String::from_utf8_lossy(text);
    if level() >= Level::All {
        throw_all(&text)
    }
    throw_text(&text)
}

/// The panic's message is printed; now the goroutines.
#[unsafe(no_mangle)]
extern "C" fn goxide_fatal_panic() {
    only_once();
    let mut out = String::new();
    let g = current();
    if level() > Level::None {
        out.push('\n');
        // SAFETY: the process is about to end.
        unsafe {
            if level() >= Level::All {
                traceback::dump_all(&mut out, g);
            } else {
                traceback::dump_one(&mut out, g, true);
            }
        }
    }
    write_stderr(out.as_bytes());
    exit_after_report()
}
