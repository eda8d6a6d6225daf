//! What becomes of each signal that nobody asked `os/signal` for, and its name in reports.
//!
//! Source: signal(7) for the numbers; what Go programs do on them, by observation.

/// What a signal does that `os/signal` does not want.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// What the kernel does by default: it has no handler of ours.
    Default,
    /// Nothing.
    Nothing,
    /// The report of a fatal signal, status 2.
    Report,
    /// An instruction's fault: a panic. Sent by somebody: as `Report`.
    Fault,
}

/// What becomes of a signal. (SIGURG and SIGPROF have handlers of their own; the first three
/// real-time signals are the C library's.)
pub fn action(signal: i32) -> Action {
    match signal {
        libc::SIGQUIT
        | libc::SIGILL
        | libc::SIGTRAP
        | libc::SIGABRT
        | libc::SIGSTKFLT
        | libc::SIGSYS => Action::Report,
        libc::SIGSEGV | libc::SIGBUS | libc::SIGFPE => Action::Fault,
        libc::SIGUSR1
        | libc::SIGUSR2
        | libc::SIGPIPE
        | libc::SIGALRM
        | libc::SIGXCPU
        | libc::SIGXFSZ
        | libc::SIGVTALRM
        | libc::SIGIO
        | libc::SIGPWR
        | 35..=64 => Action::Nothing,
        _ => Action::Default,
    }
}

/// Its name and what it means.
pub fn name(signal: i32) -> &'static str {
    match signal {
        libc::SIGQUIT => "SIGQUIT: quit",
        libc::SIGILL => "SIGILL: illegal instruction",
        libc::SIGTRAP => "SIGTRAP: trace trap",
        libc::SIGABRT => "SIGABRT: abort",
        libc::SIGBUS => "SIGBUS: bus error",
        libc::SIGFPE => "SIGFPE: floating-point exception",
        libc::SIGSEGV => "SIGSEGV: segmentation violation",
        libc::SIGSTKFLT => "SIGSTKFLT: stack fault",
        libc::SIGSYS => "SIGSYS: bad system call",
        _ => "fatal signal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reported_has_a_name() {
        for signal in 1..=64 {
            let named = name(signal) != "fatal signal";
            let reported = matches!(action(signal), Action::Report | Action::Fault);
            assert_eq!(named, reported, "signal {signal}");
        }
    }

    #[test]
    fn who_asks_to_end_is_obeyed() {
        for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGTERM, libc::SIGKILL] {
            assert_eq!(action(signal), Action::Default);
        }
    }
}
