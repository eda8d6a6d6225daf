//! Runs a process to its end, or to its limit.

use rustix::process::{Pid, Signal, kill_process_group};
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wait4::{ResUse, Wait4};

/// How far a process may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wall-clock time.
    pub time: Duration,
    /// Bytes of standard output and of standard error that are kept; what is more is read
    /// and dropped.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            time: Duration::from_secs(60),
            output_bytes: 4 << 20,
        }
    }
}

/// A process that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Exit status; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether it was ended because its time was up.
    pub timed_out: bool,
    /// What it wrote.
    pub stdout: Vec<u8>,
    /// What it wrote as errors.
    pub stderr: Vec<u8>,
    /// How long it ran.
    pub time: Duration,
    /// Processor time of it and of what it waited for.
    pub cpu_time: Duration,
    /// Its largest resident set.
    pub peak_bytes: u64,
}

impl Finished {
    /// Whether it ended by itself with status 0.
    pub fn success(&self) -> bool {
        self.code == Some(0) && !self.timed_out
    }

    /// How it ended, in words.
    pub fn status(&self) -> String {
        match (self.timed_out, self.code, self.signal) {
            (true, _, _) => format!("timed out after {} s", self.time.as_secs()),
            (_, Some(code), _) => format!("exit status {code}"),
            (_, None, signal) => format!("signal {}", signal.unwrap_or(0)),
        }
    }
}

/// Runs `command` with `stdin` as its input. Whatever it started is ended with it when its
/// time is up.
///
/// # Errors
/// If it cannot be started.
pub fn run(command: &mut Command, stdin: &[u8], limits: Limits) -> std::io::Result<Finished> {
    let started = Instant::now();
    let mut child = command
        .stdin(if stdin.is_empty() {
            Stdio::null()
        } else {
            Stdio::piped()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let (input, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        if let Some(mut input) = input {
            // The program may end without reading it all.
            scope.spawn(move || drop(input.write_all(stdin)));
        }
        let stdout = scope.spawn(move || read(out, limits.output_bytes));
        let stderr = scope.spawn(move || read(err, limits.output_bytes));
        let (used, timed_out) = wait(child, started + limits.time)?;
        let time = started.elapsed();
        Ok(Finished {
            code: used.status.code(),
            signal: used.status.signal(),
            timed_out,
            stdout: stdout.join().unwrap_or_default(),
            stderr: stderr.join().unwrap_or_default(),
            time,
            cpu_time: used.rusage.utime + used.rusage.stime,
            peak_bytes: used.rusage.maxrss,
        })
    })
}

fn wait(mut child: Child, until: Instant) -> std::io::Result<(ResUse, bool)> {
    let group = Pid::from_raw(child.id() as i32);
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(used) = child.try_wait4()? {
            end_group(group);
            return Ok((used, false));
        }
        if Instant::now() >= until {
            end_group(group);
            return Ok((child.wait4()?, true));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// Ends what is left of a process and what it started, so that the pipes close.
fn end_group(group: Option<Pid>) {
    if let Some(group) = group {
        // It fails if nothing is left.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

fn read(from: Option<impl Read>, limit: usize) -> Vec<u8> {
    let Some(mut from) = from else {
        return Vec::new();
    };
    let mut text = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count) = from.read(&mut buffer) {
        if count == 0 {
            break;
        }
        let kept = count.min(limit - text.len());
        text.extend_from_slice(&buffer[..kept]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limits: Limits) -> Finished {
        run(Command::new("sh").args(["-c", script]), b"input", limits).expect("sh")
    }

    #[test]
    fn ends_limits_and_output() {
        let done = sh("cat; echo err >&2; exit 3", Limits::default());
        assert_eq!(
            (done.code, &done.stdout[..], &done.stderr[..]),
            (Some(3), &b"input"[..], &b"err\n"[..])
        );
        assert!(done.peak_bytes > 100_000 && done.cpu_time > Duration::ZERO);
        let limits = Limits {
            time: Duration::from_millis(100),
            output_bytes: 4,
        };
        let slow = sh("echo many; sleep 99 & sleep 99", limits);
        assert!(
            slow.timed_out && slow.time < Duration::from_secs(60),
            "{slow:?}"
        );
        assert_eq!(slow.stdout, b"many");
    }
}
