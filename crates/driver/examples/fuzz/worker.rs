//! The worker process, and watching it.

use crate::myself;
use crate::target::{Runner, Target};
use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A worker is started anew after so many sources, to give back its memory.
const SOURCES_EACH: u64 = 1500;

/// As much stack as the compiler's threads have.
const STACK_BYTES: usize = 1 << 28;

/// Runs sources from a number on, saying which, until one makes the compiler panic.
pub fn work(target: Target, seed: u64, from: u64) {
    on_deep_stack(move || {
        let mut runner = Runner::new(target);
        for number in from..from + SOURCES_EACH {
            let text = target.source(seed, number);
            say(&number.to_string());
            if let Some(why) = panic_of(|| runner.run(&text)) {
                say(&format!("panic: {why}"));
                return;
            }
        }
    });
}

/// Runs the source in a file.
pub fn run_one(target: Target, file: &Path) -> ExitCode {
    let Ok(text) = std::fs::read(file) else {
        return ExitCode::from(2);
    };
    on_deep_stack(move || {
        let mut runner = Runner::new(target);
        say("0");
        if let Some(why) = panic_of(|| runner.run(&text)) {
            say(&format!("panic: {why}"));
        }
    });
    ExitCode::SUCCESS
}

fn say(line: &str) {
    let line: String = line.replace('\n', " ");
    println!("{line}");
    let _ = std::io::stdout().flush();
}

fn on_deep_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    if let Ok(handle) = thread.spawn(run) {
        let _ = handle.join();
    }
}

/// The message and place of a panic, if there is one.
fn panic_of(run: impl FnOnce()) -> Option<String> {
    static LAST: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());
    std::panic::set_hook(Box::new(|info| {
        let at = info
            .location()
            .map(|l| format!("{}:{}", l.file(), l.line()));
        let text = info.payload_as_str().unwrap_or("panic");
        let place = at.unwrap_or_default();
        *LAST.lock().unwrap_or_else(|e| e.into_inner()) = match text.starts_with("while ") {
            // Reported by the driver, with the place where it happened.
            true => text.to_string(),
            false => format!("{text} ({place})"),
        };
    }));
    catch_unwind(AssertUnwindSafe(run))
        .is_err()
        .then(|| LAST.lock().unwrap_or_else(|e| e.into_inner()).clone())
}

/// A worker under watch.
pub struct Worker {
    child: Child,
    lines: Receiver<String>,
    limit: Duration,
    /// The source it works on, or the last one.
    pub number: u64,
    began: Option<Duration>,
}

/// What a worker did.
pub enum Event {
    /// It began with another source.
    Began,
    /// It did its share, or time is over.
    Over,
    /// Its source failed.
    Failed(String),
}

impl Worker {
    /// Starts one.
    pub fn start(target: &str, seed: u64, from: u64) -> std::io::Result<Worker> {
        let args = ["worker", target, &seed.to_string(), &from.to_string()];
        Worker::spawn(target, &args, from)
    }

    fn spawn(target: &str, args: &[&str], number: u64) -> std::io::Result<Worker> {
        let mut child = myself(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (to, lines) = channel();
        let out = child.stdout.take();
        std::thread::spawn(move || {
            let lines = out.into_iter().flat_map(|o| BufReader::new(o).lines());
            for line in lines.map_while(Result::ok) {
                if to.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Worker {
            child,
            lines,
            limit: Target::named(target).map_or(Duration::MAX, Target::time),
            number,
            began: None,
        })
    }

    /// Waits for what it does next.
    pub fn next(&mut self, until: Instant) -> Event {
        loop {
            match self.lines.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => match line.strip_prefix("panic: ") {
                    Some(why) => return Event::Failed(format!("panic: {why}")),
                    None => {
                        self.number = line.parse().unwrap_or(self.number);
                        self.began = Some(cpu_time(&self.child));
                        return Event::Began;
                    }
                },
                Err(RecvTimeoutError::Timeout) if Instant::now() > until => return Event::Over,
                Err(RecvTimeoutError::Timeout) => {
                    let used = self.began.map(|b| cpu_time(&self.child).saturating_sub(b));
                    if used.is_some_and(|used| used > self.limit) {
                        return Event::Failed("hang".to_string());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return match self.child.wait() {
                        Ok(status) if status.success() => Event::Over,
                        Ok(status) => Event::Failed(format!("killed: {status}")),
                        Err(e) => Event::Failed(e.to_string()),
                    };
                }
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How the source in a file fails, run in a process of its own.
pub fn outcome_of(target: &str, file: &Path) -> Option<String> {
    let file = file.display().to_string();
    let mut worker = Worker::spawn(target, &["one", target, &file], 0).ok()?;
    let until = Instant::now() + Duration::from_secs(600);
    loop {
        match worker.next(until) {
            Event::Began => {}
            Event::Over => return None,
            Event::Failed(why) => return Some(why),
        }
    }
}

/// Processor time a process has used, by the kernel's `/proc/PID/stat`: ticks of 10 ms.
fn cpu_time(child: &Child) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |n: usize| after.split_whitespace().nth(n)?.parse::<u64>().ok();
    let ticks = ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0);
    Duration::from_millis(ticks * 10)
}
