//! Signals. Handlers run on an alternate stack of their thread.
//!
//! - SIGURG: preemption, system calls that all threads have to make, and the end of all
//!   threads but the one that reports what ends the process.
//! - SIGSEGV, SIGBUS, SIGFPE in Go code: the instruction "calls" `runtime.sigpanic`. Anywhere
//!   else they are a crash of the runtime, reported as such.
//! - SIGQUIT and its like: goroutine dump, status 2.
//! - SIGUSR1 and its like do nothing, though the kernel would end the process. So does
//!   SIGPIPE: Go's `os` decides what a broken pipe means.
//! - SIGPROF: a sample of the CPU profile.
//! - What `os/signal` asks for is queued for its goroutine.

mod all_threads;
mod fault;
mod notify;
mod table;

use crate::profile::tick;
use crate::sched::{freeze, preempt};
use std::ptr;
use table::Action;

/// Size of an alternate stack: dumps are made on it.
const STACK_BYTES: usize = 64 << 10;

type Handler = extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void);

/// Gives this thread its alternate stack.
pub fn set_up_thread() {
    // SAFETY: a fresh mapping, unmapped by `put_thread_away`.
    unsafe {
        let memory = libc::mmap(
            ptr::null_mut(),
            STACK_BYTES,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        let stack = libc::stack_t {
            ss_sp: memory,
            ss_flags: 0,
            ss_size: STACK_BYTES,
        };
        libc::sigaltstack(&stack, ptr::null_mut());
    }
}

/// Takes the alternate stack from this thread, which ends.
pub fn put_thread_away() {
    // SAFETY: the thread's own alternate stack, which `set_up_thread` made.
    unsafe {
        let mut old: libc::stack_t = core::mem::zeroed();
        let none = libc::stack_t {
            ss_sp: ptr::null_mut(),
            ss_flags: libc::SS_DISABLE,
            ss_size: 0,
        };
        if libc::sigaltstack(&none, &mut old) == 0 && old.ss_flags & libc::SS_DISABLE == 0 {
            libc::munmap(old.ss_sp, old.ss_size);
        }
    }
}

/// Installs the handlers that every program has.
pub fn set_up_process() {
    install(libc::SIGURG, on_urgent);
    set_up_profiling();
    for signal in 1..=64 {
        if let Some(handler) = handler(signal) {
            install(signal, handler);
        }
    }
}

/// Our handler of a signal that `os/signal` does not want, if it has one.
fn handler(signal: i32) -> Option<Handler> {
    match table::action(signal) {
        Action::Default => None,
        Action::Nothing => Some(notify::on_harmless),
        Action::Report => Some(on_fatal),
        Action::Fault => Some(fault::on_fault),
    }
}

/// SIGPROF: a tick of the CPU profile, otherwise nothing. Whatever the program may have done
/// to it before, a profile needs it.
pub fn set_up_profiling() {
    install(libc::SIGPROF, tick::on_signal);
}

/// Only what scheduling needs, for programs that are not ours.
pub fn set_up_preemption() {
    install(libc::SIGURG, on_urgent);
}

/// Installs one handler.
fn install(signal: i32, handler: Handler) {
    // SAFETY: a handler that is async-signal-safe, on the alternate stack.
    unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        action.sa_sigaction = handler as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        libc::sigfillset(&mut action.sa_mask);
        libc::sigaction(signal, &action, ptr::null_mut());
    }
}

extern "C" fn on_urgent(_signal: i32, _info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel passes the interrupted context.
    unsafe {
        freeze::on_signal(context.cast());
        let errno = *libc::__errno_location();
        preempt::on_signal(context.cast());
        all_threads::on_signal();
        *libc::__errno_location() = errno;
    }
    notify::queue(libc::SIGURG);
}

extern "C" fn on_fatal(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: as above.
    unsafe {
        let sent = fault::is_sent(info);
        // What an instruction does cannot be put off.
        if (sent || !matches!(signal, libc::SIGILL | libc::SIGTRAP | libc::SIGSYS))
            && (notify::queue(signal) || sent && notify::is_ignored(signal))
        {
            return;
        }
        fault::report(signal, info, context.cast())
    }
}
